/**
 * Carries the project's address from the root's manifest, the only place where it is written by hand, into the manifests
 * of the published packages. With `--check`, fails where one differs.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { project, published, root } from "./published.mjs";

for (const { folder, manifest } of published) {
  const wanted = {
    ...manifest,
    homepage: `${project.page}/blob/main/${folder}/README.md`,
    bugs: project.bugs,
    repository: { ...project.repository, directory: folder },
  };
  if (JSON.stringify(wanted) === JSON.stringify(manifest)) continue;
  if (process.argv.includes("--check")) {
    process.stderr.write(`${manifest.name} has another address: run node .ci/packages/metadata.mjs\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(root, folder, "package.json"), `${JSON.stringify(wanted, null, 2)}\n`);
  }
}
