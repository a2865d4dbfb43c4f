import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { sql, type Kysely } from "kysely";

import { maskedText } from "../masked-text.ts";
import { refusalText } from "../refusal-text.ts";
import type { OutboxDatabase } from "../schema.ts";
import { createLedger, recordOf } from "./ledger.ts";
import { LockWatch, type LockHolder } from "./lock-watch.ts";
import { LockedSchemaError, standing } from "./locked-schema-error.ts";
import { splitStatements } from "./split-statements.ts";
import type { SqlFile } from "./sql-files.ts";

/** How long a migration waits for others. */
export interface MigrationPatience {
  /** While it waits for a lock everybody else queues behind it: after this long it lets them pass. */
  readonly lockTimeoutMs: number;
  /** The pause between two tries, plus or minus half. */
  readonly pauseMs: number;
  /** All tries of a migration together. One that keeps nobody waiting waits this long at once. */
  readonly lockMs: number;
  /** How long it waits for another program that migrates. */
  readonly otherProgramMs: number;
}

/** Deadlocks too: the server ends one of the two, and the other goes on. */
const lockTrouble = new Set(["55P03", "40P01"]);

/**
 * Applies one migration, and records it.
 *
 * @param reached The migration before it, for an error's message.
 * @throws {LockedSchemaError} if somebody keeps a lock for longer than `patience` allows.
 */
export async function applyFile(
  db: Kysely<OutboxDatabase>,
  file: SqlFile,
  reached: string | null,
  patience: MigrationPatience,
): Promise<void> {
  const deadline = performance.now() + patience.lockMs;
  let holders: readonly LockHolder[] = [];
  for (;;) {
    const mark = `/* syncd migrate ${randomBytes(8).toString("hex")} */`;
    await using watch = file.outsideTransaction
      ? new LockWatch(db, mark, patience.lockMs)
      : new LockWatch(db, mark);
    try {
      await (file.outsideTransaction
        ? applyOutside(db, file, mark)
        : applyInTransaction(db, file, mark, patience.lockTimeoutMs));
      return;
    } catch (error) {
      if (watch.holders.length > 0) holders = watch.holders;
      if (!watch.gaveUp && !isLockTrouble(error))
        throw new Error(`Migration failed at ${file.name}. ${standing(reached)} ${messageOf(error)}`, {
          cause: error,
        });
      if (watch.gaveUp || performance.now() > deadline)
        throw new LockedSchemaError(file.name, reached, holders, error);
    }
    await sleep(patience.pauseMs * (0.5 + Math.random()));
  }
}

async function applyInTransaction(
  db: Kysely<OutboxDatabase>,
  file: SqlFile,
  mark: string,
  lockTimeoutMs: number,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql.raw(limits(lockTimeoutMs)).execute(transaction);
    await sql.raw(`${mark}\n${createLedger}\n${file.text}\n${recordOf(file.name)}`).execute(transaction);
  });
}

async function applyOutside(db: Kysely<OutboxDatabase>, file: SqlFile, mark: string): Promise<void> {
  for (const statement of splitStatements(file.text)) await sql.raw(`${mark}\n${statement}`).execute(db);
  await sql.raw(recordOf(file.name)).execute(db);
}

/** The settings of a migration's transaction, whatever the role's or the database's own. */
export function limits(lockTimeoutMs: number): string {
  // Expressions of constraints, indexes, views and policies are bound to what the search_path finds first.
  return `set local search_path = pg_catalog, pg_temp; set local lock_timeout = '${lockTimeoutMs}ms'; set local statement_timeout = 0;`;
}

function isLockTrouble(error: unknown): boolean {
  return error instanceof Error && "code" in error && lockTrouble.has(String(error.code));
}

/** SQLSTATE insufficient_privilege. */
const notAllowed = "42501";
const whoMigrates =
  "Migrate as the owner of the schema talkme. The first time, that is a role that may create schemas in this database, " +
  "and roles (CREATEROLE); or have a DBA run what syncd migrate --print prints.";

/** What PostgreSQL says and advises, as far as the words are its own. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = refusalText(error);
  if (text === error.message && "hint" in error && typeof error.hint === "string")
    return `${text}. ${maskedText(error.hint)}`;
  if (!("code" in error) || error.code !== notAllowed) return text;
  // The server's own function wrote the words, also where one of ours, or a DO block, called it.
  const isServersOwn = "routine" in error && error.routine === "aclcheck_error";
  return `${isServersOwn ? maskedText(error.message) : text}. ${whoMigrates}`;
}
