import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { createLedger, recordOf } from "./ledger.ts";
import { readSchemaState } from "./schema-state.ts";

/** The database holds migrations that this version does not know. */
export class NewerSchemaError extends Error {
  override readonly name = "NewerSchemaError";
  readonly code = "schema_newer";

  constructor(unknown: readonly string[]) {
    super(
      `The schema talkme is newer than this program: it holds ${unknown.join(", ")}. ` +
        "Run the version of syncd that migrated it, or a later one.",
    );
  }
}

/** Migrations wait at most this long for a lock, so that they never queue everybody behind a dump or a report. */
export const limitLockWaits = "set local lock_timeout = '10s';";

/** The key that Kysely's Migrator locks, so that a program that migrates with that is kept out, too. */
const advisoryLockKey = "3853314791062309107";

/**
 * Brings the schema `talkme` up to this version, in one transaction: all pending migrations are applied, or none.
 * Several programs may call it at the same time; one of them migrates, the others wait for it.
 *
 * Not with Kysely's Migrator: since 0.29.3 it locks for the session, outside of its transaction. Through PgBouncer in
 * transaction mode two migrations can then hold the lock at once, or one can leave it behind for an hour.
 *
 * @returns The names of the migrations that were applied; empty where there was nothing to do.
 * @throws {NewerSchemaError} where a later version made the schema; nothing is changed.
 */
export async function migrate(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  return db.transaction().execute(async (transaction) => {
    await sql.raw(`select pg_advisory_xact_lock(${advisoryLockKey})`).execute(transaction);
    await sql.raw(limitLockWaits).execute(transaction);
    const state = await readSchemaState(transaction);
    if (state.kind === "newer") throw new NewerSchemaError(state.unknown);
    if (state.kind === "current") return [];
    if (state.kind === "absent") await sql.raw(createLedger).execute(transaction);
    for (const { name, text } of state.pending) {
      await sql
        .raw(`${text}\n${recordOf(name)}`)
        .execute(transaction)
        .catch((cause: unknown) => {
          throw new Error(`Migration failed at ${name}; nothing was changed. ${messageOf(cause)}`, { cause });
        });
    }
    return state.pending.map(({ name }) => name);
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
