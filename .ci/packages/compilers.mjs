import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { runInstaller } from "./installers.mjs";
import { root } from "./published.mjs";

const older = { "typescript-5": "npm:typescript@~5.9", "typescript-6": "npm:typescript@~6.0" };

/** The compilers to try, as paths of `tsc`: the project's own, and with `all` the oldest that is supported and the one between. */
export function installCompilers(folder, all) {
  const own = join(root, "node_modules/typescript/bin/tsc");
  if (!all) return [own];
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: older }));
  runInstaller(folder, "npm", ["install", "--no-audit", "--no-fund", "--prefer-offline"]);
  return [...Object.keys(older).map((name) => join(folder, "node_modules", name, "bin/tsc")), own];
}
