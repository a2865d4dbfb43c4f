import { cacheFolders } from "./cache-folders.ts";
import type { DebianResult } from "./debian-result.ts";
import { findInstalled } from "./find-installed.ts";
import { unpackedProgram } from "./unpacked-program.ts";

const known = new Map<string, Promise<DebianResult>>();

/**
 * A program of a Debian package, without root and without installing anything: the one that this machine has
 * already, or else one that is downloaded with `apt-get download` and unpacked into `node_modules/.cache/debian`,
 * together with the libraries that it lacks. Asked for once per process, downloaded once per clone.
 *
 * Never fails: where it cannot be had, the result says why.
 *
 * @param packageName Debian's name, as `pgbouncer`.
 * @param pathInPackage As `usr/sbin/pgbouncer`. May be a pattern: folders of libraries are named after the processor,
 *   which a star can stand for. A program of that name in `PATH` or `/usr/sbin` is preferred.
 */
export async function debianProgram(packageName: string, pathInPackage: string): Promise<DebianResult> {
  const key = `${packageName} ${pathInPackage}`;
  const result = known.get(key) ?? find(packageName, pathInPackage);
  known.set(key, result);
  return result;
}

async function find(packageName: string, pathInPackage: string): Promise<DebianResult> {
  const installed = await findInstalled(pathInPackage);
  if (installed !== null) return { kind: "found", path: installed, env: {} };
  return unpackedProgram(packageName, pathInPackage, cacheFolders());
}
