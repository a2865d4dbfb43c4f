import { setTimeout as sleep } from "node:timers/promises";

import { sql, type Kysely, type Transaction } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** The key that Kysely's Migrator locks: keeps out programs that migrate with that, too. */
export const migrationLockKey = "3853314791062309107";

const pollMs = 300;

/**
 * Does `work` while no other program migrates the database; waits for one that does.
 *
 * The lock belongs to a transaction on a connection of its own: behind PgBouncer in transaction mode, a session's lock would get
 * lost or stay behind. That transaction is idle, and runs nothing that needs a snapshot: `create index concurrently` waits for
 * everybody who has one. For the same reason it tries for the lock instead of waiting in the server.
 *
 * @param waitMs How long to wait for another program.
 */
export async function withMigrationLock<T>(
  db: Kysely<OutboxDatabase>,
  waitMs: number,
  work: (lock: MigrationLock) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const outcome = await db
      .transaction()
      // Where repeatable read is the default, it would keep its first snapshot.
      .setIsolationLevel("read committed")
      .execute(async (transaction) => {
        const { rows } = await sql<{ locked: boolean }>`
          select pg_try_advisory_xact_lock(${sql.raw(migrationLockKey)}) as locked
        `.execute(transaction);
        if (rows[0]?.locked !== true) return "busy" as const;
        await sql`
          select set_config(name, '0', true) from pg_settings
          where name in ('idle_in_transaction_session_timeout', 'transaction_timeout')
        `.execute(transaction);
        return { result: await work(new MigrationLock(transaction)) };
      });
    if (outcome !== "busy") return outcome.result;
    if (performance.now() > deadline)
      throw new Error(
        "Another program has been migrating this database for too long. Look what it waits for.",
      );
    await sleep(pollMs * (0.5 + Math.random()));
  }
}

/** Held until the work is done, unless its connection breaks. */
export class MigrationLock {
  readonly #transaction: Transaction<OutboxDatabase>;

  constructor(transaction: Transaction<OutboxDatabase>) {
    this.#transaction = transaction;
  }

  /** @throws if the connection is gone, and the lock with it. */
  async assertHeld(): Promise<void> {
    // Takes no snapshot.
    await sql`show server_version`.execute(this.#transaction);
  }
}
