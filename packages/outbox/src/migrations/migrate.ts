import { sql, type Kysely } from "kysely";
import { Migrator } from "kysely/migration";

import type { OutboxDatabase } from "../schema.ts";
import { readSqlFiles } from "./sql-files.ts";
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

/**
 * Brings the schema `talkme` up to this version, in one transaction: all pending migrations are applied, or none.
 * Several programs may call it at the same time; one of them migrates, the others wait for it.
 *
 * @returns The names of the migrations that were applied; empty where there was nothing to do.
 * @throws {NewerSchemaError} where a later version made the schema; nothing is changed.
 */
export async function migrate(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  const state = await readSchemaState(db);
  if (state.kind === "newer") throw new NewerSchemaError(state.unknown);

  const files = await readSqlFiles();
  const migrator = new Migrator({
    db,
    migrationTableSchema: "talkme",
    migrationTableName: "migration",
    migrationLockTableName: "migration_lock",
    provider: {
      getMigrations: async () =>
        Object.fromEntries(
          files.map(({ name, text }) => [
            name,
            {
              up: async (transaction) => {
                await sql.raw(limitLockWaits).execute(transaction);
                await sql.raw(text).execute(transaction);
              },
            },
          ]),
        ),
    },
  });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) {
    const failed =
      results.find((result) => result.status === "Error")?.migrationName ?? "before the first one";
    throw new Error(`Migration failed at ${failed}; nothing was changed. ${messageOf(error)}`, {
      cause: error,
    });
  }
  return results.map((result) => result.migrationName);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
