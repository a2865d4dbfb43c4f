/** The packages that are published, and where the project is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}

const { repository, bugs } = manifestOf(".");

/** As the root's manifest says: the only place where an address is written by hand. */
export const project = { repository, bugs, page: repository.url.replace(/^git\+|\.git$/g, "") };

/** In the order in which they need each other. */
export const published = ["core", "simulator", "outbox"].map((name) => {
  const folder = `packages/${name}`;
  return { folder, manifest: manifestOf(folder) };
});
