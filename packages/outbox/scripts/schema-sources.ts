import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** One object of the schema `talkme` as it should be: a table, a function, a view, with its comments and grants. */
export interface SchemaSource {
  /** Below `packages/outbox/sql`: `turn/settle-and-claim.sql`. */
  readonly path: string;
  readonly text: string;
  /** Changes with the text; recorded in each migration that carries it. */
  readonly hash: string;
}

/** The file that lists all sources, each after those that it needs. */
const orderFile = "order.txt";

/**
 * Reads the sources in the order in which they can be created.
 *
 * @param folder `packages/outbox/sql`.
 * @throws Error where a file is not listed, or a listed one is missing.
 */
export function readSchemaSources(folder: URL): readonly SchemaSource[] {
  const listed = readFileSync(new URL(orderFile, folder), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const present = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".sql"),
  );
  const unlisted = present.filter((path) => !listed.includes(path));
  const missing = listed.filter((path) => !present.includes(path));
  const twice = listed.filter((path, index) => listed.indexOf(path) !== index);
  if (unlisted.length > 0)
    throw new Error(
      `${orderFile} does not list ${unlisted.join(", ")}: add each after the sources that it needs.`,
    );
  if (missing.length > 0)
    throw new Error(`${orderFile} lists files that do not exist: ${missing.join(", ")}.`);
  if (twice.length > 0) throw new Error(`${orderFile} lists twice: ${twice.join(", ")}.`);
  return listed.map((path) => {
    const text = readFileSync(new URL(path, folder), "utf8").trim();
    return { path, text, hash: hashOf(text) };
  });
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
