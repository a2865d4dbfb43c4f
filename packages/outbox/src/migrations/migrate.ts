import type { Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { applyFile, type MigrationPatience } from "./apply-file.ts";
import { withMigrationLock } from "./migration-lock.ts";
import { NewerSchemaError } from "./newer-schema-error.ts";
import { readSchemaState, type SchemaState } from "./schema-state.ts";
import { readSqlFiles, type SqlFile } from "./sql-files.ts";

export const usualPatience: MigrationPatience = {
  lockTimeoutMs: 2000,
  pauseMs: 4000,
  lockMs: 300_000,
  otherProgramMs: 3_600_000,
};

/**
 * Brings the schema `talkme` up to this version, while daemons and producers go on.
 *
 * Each migration is a transaction of its own, which waits only briefly for a lock, lets the others pass and tries again; one that
 * works through a large table commits as it goes. So it can be interrupted at any time, and continues where it was. Several
 * programs may call it at the same time; one of them migrates, the others wait for it.
 *
 * Needs three connections at once: to keep other programs out, to work, and to see whom the work waits for.
 *
 * Not with Kysely's Migrator: since 0.29.3 it locks for the session, outside of its transaction. Through PgBouncer in
 * transaction mode two migrations can then hold the lock at once, or one can leave it behind for an hour.
 *
 * @param files All migrations; by default those that this version brings.
 * @returns The names of the migrations that were applied; empty if there was nothing to do.
 * @throws {NewerSchemaError} if a later version made the schema; nothing is changed.
 * @throws {LockedSchemaError} if somebody keeps a lock that it needs; what was applied before stays.
 */
export async function migrate(
  db: Kysely<OutboxDatabase>,
  patience: MigrationPatience = usualPatience,
  files?: readonly SqlFile[],
): Promise<readonly string[]> {
  const all = files ?? (await readSqlFiles());
  const pending = pendingOf(await readSchemaState(db, all));
  if (pending.length === 0) return [];
  return withMigrationLock(db, patience.otherProgramMs, async (lock) => {
    const state = await readSchemaState(db, all);
    let reached = state.kind === "older" ? state.reached : null;
    const applied: string[] = [];
    for (const file of pendingOf(state)) {
      await lock.assertHeld();
      await applyFile(db, file, reached, patience);
      reached = file.name;
      applied.push(file.name);
    }
    return applied;
  });
}

function pendingOf(state: SchemaState): readonly SqlFile[] {
  switch (state.kind) {
    case "newer":
      throw new NewerSchemaError(state.unknown);
    case "current":
      return [];
    case "absent":
    case "older":
      return state.pending;
  }
}
