/**
 * Carries the project's address from the root's manifest, the only place where it is written by hand, into the manifests
 * of the published packages, and the client's version from its manifest into its code. With `--check`, fails where one
 * differs.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { project, published, root } from "./published.mjs";

const asText = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** Puts a text in its place, or complains that it is not there. */
function put(file, before, after) {
  if (before === after) return;
  if (process.argv.includes("--check")) {
    process.stderr.write(`${file} has another address or version: run node .ci/packages/metadata.mjs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, file), after);
  }
}

for (const { folder, manifest } of published) {
  const homepage = `${project.page}/blob/main/${folder}/README.md`;
  const repository = { ...project.repository, directory: folder };
  const wanted = { ...manifest, homepage, bugs: project.bugs, repository };
  put(`${folder}/package.json`, asText(manifest), asText(wanted));
}

const file = "packages/core/src/client/version.ts";
const source = readFileSync(join(root, file), "utf8");
const [{ manifest }] = published;
put(file, source, source.replace(/version = "[^"]*"/, `version = "${manifest.version}"`));
