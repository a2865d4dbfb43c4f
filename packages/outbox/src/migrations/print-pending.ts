import type { Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { limits } from "./apply-file.ts";
import { createLedger, recordOf } from "./ledger.ts";
import { usualPatience } from "./migrate.ts";
import { migrationLockKey } from "./migration-lock.ts";
import { NewerSchemaError } from "./newer-schema-error.ts";
import { readSchemaState } from "./schema-state.ts";
import type { SqlFile } from "./sql-files.ts";

/**
 * Writes the pending migrations as one SQL script for a DBA to read and run with psql; it leaves the database as {@link migrate}
 * would. The script leaves out what an earlier run of it has done: it can be run again after an error or an interruption.
 * Changes nothing itself.
 *
 * @param files All migrations; by default those that this version brings.
 * @throws {NewerSchemaError} if a later version made the schema.
 */
export async function printPending(db: Kysely<OutboxDatabase>, files?: readonly SqlFile[]): Promise<string> {
  const state = await readSchemaState(db, files);
  switch (state.kind) {
    case "newer":
      throw new NewerSchemaError(state.unknown);
    case "current":
      return "-- The schema talkme is up to date: nothing is pending.\n";
    case "absent":
    case "older":
      return [beginning, ...state.pending.map(block)].join("\n");
  }
}

const beginning = `-- Run it with psql, connected to PostgreSQL itself and not through a pooler, and without --single-transaction.
-- Each migration commits by itself. Should one fail, because somebody keeps a lock for instance: mend that, and run the
-- whole script again. It goes on where it was.

\\set ON_ERROR_STOP on
\\set AUTOCOMMIT on
set client_encoding = 'UTF8';
set client_min_messages = warning;

begin;
${lockInTransaction()}
${createLedger}commit;
`;

function block(file: SqlFile): string {
  return file.outsideTransaction ? outside(file) : inTransaction(file);
}

function inTransaction({ name, text }: SqlFile): string {
  return `
-- ---- ${name} ----

begin;
${lockInTransaction()}
${ifPending(name, text)}
commit;
`;
}

function lockInTransaction(): string {
  return `${limits(usualPatience.lockTimeoutMs)}
do $$ begin perform pg_advisory_xact_lock(${migrationLockKey}); end $$;`;
}

/** Nobody else queues behind what these wait for. */
function outside({ name, text }: SqlFile): string {
  return `
-- ---- ${name} ----

set lock_timeout = '${usualPatience.lockMs}ms';
set statement_timeout = 0;
do $$
begin
  -- Not waited for: create index concurrently waits for everybody who waits within a statement.
  if not pg_try_advisory_lock(${migrationLockKey}) then
    raise exception 'another program is migrating this database'
      using errcode = 'lock_not_available', hint = 'Run this script again when it is done.';
  end if;
end
$$;
${ifPending(name, text)}
do $$ begin perform pg_advisory_unlock(${migrationLockKey}); end $$;
reset statement_timeout;
reset lock_timeout;
`;
}

function ifPending(name: string, text: string): string {
  return `select not exists (select from talkme.migration where name = '${name}') as pending \\gset
\\if :pending
${text}
${recordOf(name)}
\\endif`;
}
