import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { readSqlFiles, type SqlFile } from "./sql-files.ts";

/** How the database's schema compares with the one that this version needs. */
export type SchemaState =
  | { readonly kind: "current" }
  /** There is no schema `talkme` yet. */
  | { readonly kind: "absent"; readonly pending: readonly SqlFile[] }
  /** An earlier version made it; its last migration is `reached`. `syncd migrate` brings it up to date. */
  | { readonly kind: "older"; readonly pending: readonly SqlFile[]; readonly reached: string | null }
  /** A later version made it: this program must not touch it. */
  | { readonly kind: "newer"; readonly unknown: readonly string[] };

/**
 * Compares the migrations recorded in `talkme.migration` with those of this version. Changes nothing.
 *
 * @param all All migrations; by default those that this version brings.
 */
export async function readSchemaState(
  db: Kysely<OutboxDatabase>,
  all?: readonly SqlFile[],
): Promise<SchemaState> {
  const files = all ?? (await readSqlFiles());
  const { rows: found } = await sql<{ exists: boolean }>`
    select to_regclass('talkme.migration') is not null as exists
  `.execute(db);
  if (found[0]?.exists !== true) return { kind: "absent", pending: files };

  const { rows } = await sql<{ name: string }>`select name from talkme.migration order by name`.execute(db);
  const applied = new Set(rows.map((row) => row.name));
  const unknown = [...applied].filter((name) => files.every((file) => file.name !== name));
  if (unknown.length > 0) return { kind: "newer", unknown };

  const pending = files.filter((file) => !applied.has(file.name));
  if (pending.length === 0) return { kind: "current" };
  return { kind: "older", pending, reached: rows.at(-1)?.name ?? null };
}
