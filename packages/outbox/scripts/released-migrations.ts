import { existsSync, readFileSync } from "node:fs";

/** In `packages/outbox`: the checksum of each migration that was released, which is never changed again. */
export const releasedFile = "released-migrations.json";

/** The SHA-256 of each released migration, by its name without `.sql`. */
export function readReleased(root: URL): Readonly<Record<string, string>> {
  const file = new URL(releasedFile, root);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
