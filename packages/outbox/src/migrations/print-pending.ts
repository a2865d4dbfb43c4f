import type { Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { createLedger, recordOf } from "./ledger.ts";
import { limitLockWaits, NewerSchemaError } from "./migrate.ts";
import { readSchemaState } from "./schema-state.ts";
import type { SqlFile } from "./sql-files.ts";

/**
 * The pending migrations as one SQL script for a DBA to read and run with psql, in one transaction; it leaves
 * the database as {@link migrate} would. Changes nothing itself.
 *
 * @throws {NewerSchemaError} where a later version made the schema.
 */
export async function printPending(db: Kysely<OutboxDatabase>): Promise<string> {
  const state = await readSchemaState(db);
  switch (state.kind) {
    case "newer":
      throw new NewerSchemaError(state.unknown);
    case "current":
      return "-- The schema talkme is up to date: nothing is pending.\n";
    case "absent":
      return script([createLedger, ...state.pending.map(withRecord)]);
    case "older":
      return script(state.pending.map(withRecord));
  }
}

function withRecord({ name, text }: SqlFile): string {
  return `-- ---- ${name} ----\n\n${text}\n${recordOf(name)}\n`;
}

function script(parts: readonly string[]): string {
  return ["\\set ON_ERROR_STOP on", "begin;", limitLockWaits, "", ...parts, "commit;", ""].join("\n");
}
