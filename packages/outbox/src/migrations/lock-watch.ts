import { setTimeout as sleep } from "node:timers/promises";

import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

const lookEveryMs = 100;

/** A session that a statement waits for. What the current user may not see of it is null. */
export interface LockHolder {
  /** 0: a transaction that was prepared with PREPARE TRANSACTION. */
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  /** As in pg_stat_activity. */
  readonly state: string | null;
  /** When its transaction began. */
  readonly since: string | null;
}

/** Looks from other connections, again and again, which sessions a running statement waits for. */
export class LockWatch {
  readonly #db: Kysely<OutboxDatabase>;
  readonly #mark: string;
  readonly #patienceMs: number;
  readonly #watching: Promise<void>;
  #holders: readonly LockHolder[] = [];
  #waitsSince: number | null = null;
  #gaveUp = false;
  readonly #stop = new AbortController();

  /**
   * @param mark What only this statement's text begins with: behind a pooler nobody knows its process.
   * @param patienceMs The statement is cancelled after waiting this long without progress.
   */
  constructor(db: Kysely<OutboxDatabase>, mark: string, patienceMs = Number.POSITIVE_INFINITY) {
    this.#db = db;
    this.#mark = mark;
    this.#patienceMs = patienceMs;
    this.#watching = this.#watch();
  }

  /** Whom it waited for when that was last seen; empty: it never waited. */
  get holders(): readonly LockHolder[] {
    return this.#holders;
  }

  /** Whether the statement was cancelled. */
  get gaveUp(): boolean {
    return this.#gaveUp;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      await sleep(lookEveryMs, undefined, { signal }).catch(() => "stopped");
      if (signal.aborted) return;
      // Knowing it helps; it is not a condition.
      await this.#look().catch(() => "not seen this time");
    }
  }

  async #look(): Promise<void> {
    const { rows } = await sql<LockHolder>`
      select distinct
        holder.pid, a.usename as "user", nullif(a.application_name, '') as application, a.state,
        to_char(a.xact_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS "UTC"') as since
      from pg_stat_activity as w
      cross join lateral unnest(pg_blocking_pids(w.pid)) as holder (pid)
      left join pg_stat_activity as a on a.pid = holder.pid
      where w.datname = current_database() and w.state = 'active' and starts_with(w.query, ${this.#mark})
      order by since, holder.pid
      limit 5
    `.execute(this.#db);
    if (rows.length === 0) {
      this.#waitsSince = null;
      return;
    }
    this.#holders = rows;
    this.#waitsSince ??= performance.now();
    if (performance.now() - this.#waitsSince > this.#patienceMs) {
      this.#gaveUp = true;
      await sql`
        select pg_cancel_backend(pid) from pg_stat_activity
        where datname = current_database() and state = 'active' and starts_with(query, ${this.#mark})
      `.execute(this.#db);
    }
  }
}
