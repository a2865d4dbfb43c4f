import { existsSync, readdirSync } from "node:fs";

/** Where Debian and Ubuntu keep each version of PostgreSQL. */
const root = "/usr/lib/postgresql";

/** The PostgreSQL servers that this system has installed: the major version and the folder of its programs. */
export function installedVersions(): readonly { readonly version: string; readonly folder: string }[] {
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map((version) => ({ version, folder: `${root}/${version}/bin` }))
    .filter(({ folder }) => existsSync(`${folder}/initdb`) && existsSync(`${folder}/pg_ctl`));
}
