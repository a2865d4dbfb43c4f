import { readdir, readFile } from "node:fs/promises";

/** Beside `src` in the repository and beside `dist` in the package. */
const folder = new URL("../../migrations/", import.meta.url);

/** The first line of a migration whose statements commit one by one. */
const outsideMark = "-- migrate: outside a transaction\n";

/** A numbered migration, as the DBA reads it. */
export interface SqlFile {
  /** Its file name without `.sql`: `0001_baseline`. */
  readonly name: string;
  readonly text: string;
  /**
   * Whether its statements run and commit one by one, because they may take long on a large table and must not hold locks all that
   * time. They are written so that all of them can be run again after an interruption.
   */
  readonly outsideTransaction: boolean;
}

/** All migrations that this version brings, in the order of their numbers. */
export async function readSqlFiles(): Promise<readonly SqlFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), "utf8");
      return {
        name: name.slice(0, -".sql".length),
        text,
        outsideTransaction: text.startsWith(outsideMark),
      };
    }),
  );
}
