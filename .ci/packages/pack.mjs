import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

import { published, root } from "./published.mjs";

/** Packs what is published into a folder, as `pnpm publish` does. */
export function pack(folder) {
  return published.map((entry) => {
    const { name, version } = entry.manifest;
    if (!existsSync(join(root, entry.folder, "dist/index.js")))
      throw new Error(`${name}: first run pnpm build`);
    execFileSync("npx", ["-y", "pnpm@12", "--filter", name, "pack", "--pack-destination", folder], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    });
    return { name, version, file: join(folder, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`) };
  });
}
