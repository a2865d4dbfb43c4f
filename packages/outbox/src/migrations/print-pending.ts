import type { Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
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
      return script([ledger, ...state.pending.map(withRecord)]);
    case "older":
      return script(state.pending.map(withRecord));
  }
}

/** What Kysely's Migrator keeps its record in, as it creates it. */
const ledger = `do $$
begin
  -- "create schema if not exists" would need the privilege even where the schema is there.
  if to_regnamespace('talkme') is null then create schema talkme; end if;
end
$$;
create table if not exists talkme.migration (name varchar(255) not null primary key, timestamp varchar(255) not null);
create table if not exists talkme.migration_lock (id varchar(255) not null primary key, is_locked integer not null default 0);
insert into talkme.migration_lock (id, is_locked) values ('migration_lock', 0) on conflict do nothing;
`;

function withRecord({ name, text }: SqlFile): string {
  const record = `insert into talkme.migration (name, timestamp) values ('${name}', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));`;
  return `-- ---- ${name} ----\n\n${text}\n${record}\n`;
}

function script(parts: readonly string[]): string {
  return ["\\set ON_ERROR_STOP on", "begin;", limitLockWaits, "", ...parts, "commit;", ""].join("\n");
}
