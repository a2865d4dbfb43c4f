import { readdir, readFile } from "node:fs/promises";

/** Beside `src` in the repository and beside `dist` in the package. */
const folder = new URL("../../migrations/", import.meta.url);

/** A numbered migration, as the DBA reads it. */
export interface SqlFile {
  /** Its file name without `.sql`: `0001_outbox`. */
  readonly name: string;
  readonly text: string;
}

/** All migrations that this version brings, in the order of their numbers. */
export async function readSqlFiles(): Promise<readonly SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      name: name.slice(0, -".sql".length),
      text: await readFile(new URL(name, folder), "utf8"),
    })),
  );
}
