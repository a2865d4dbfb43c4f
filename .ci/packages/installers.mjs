import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./published.mjs";

/** The registry could not be asked, which says nothing about the packages. */
export class RegistryAwayError extends Error {}

const away =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|offline|There appears to be trouble/;

/** Runs an installer's command. @throws RegistryAwayError where the network is the reason that it failed. */
export function runInstaller(folder, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status === 0) return;
  const text = `${command} ${args.join(" ")} failed:\n${stdout}${stderr}`;
  throw away.test(text) ? new RegistryAwayError(text) : new Error(text);
}

/** The version that the catalog names. */
function catalogVersion(name) {
  const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  return new RegExp(`^ {2}"?${name}"?: (\\S+)$`, "m").exec(catalog)[1];
}

/** Another one than the client's: the dispatchers of both have to fit. */
const otherUndici = "^7.0.0";

/**
 * The manifest of the stranger's program. Each package is the tarball also where another one needs it: the registry does
 * not have it.
 */
function writeManifest(folder, tarballs, more = {}) {
  const files = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
  const others = ["@types/node", "@types/pg", "kysely", "pg"].map((name) => [name, catalogVersion(name)]);
  const dependencies = { ...files, ...Object.fromEntries(others), undici: otherUndici };
  const manifest = { name: "stranger", private: true, type: "module", dependencies, ...more };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  return files;
}

/** In the order of how many use them. */
export const installers = [
  {
    name: "npm",
    install(folder, tarballs) {
      writeManifest(folder, tarballs);
      runInstaller(folder, "npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"]);
    },
  },
  {
    name: "pnpm",
    install(folder, tarballs) {
      const overrides = writeManifest(folder, tarballs);
      writeFileSync(join(folder, "pnpm-workspace.yaml"), JSON.stringify({ overrides }));
      runInstaller(folder, "npx", ["-y", "pnpm@12", "install", "--prefer-offline"]);
    },
  },
  {
    name: "yarn",
    install(folder, tarballs) {
      const resolutions = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]));
      writeManifest(folder, tarballs, { resolutions });
      runInstaller(folder, "npx", ["-y", "yarn@1.22.22", "install", "--prefer-offline", "--non-interactive"]);
    },
  },
];
