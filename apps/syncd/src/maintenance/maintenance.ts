import { setTimeout as sleep } from "node:timers/promises";

import { readSchemaState } from "@talkme/outbox";
import { createAttemptPartitions, expireOverdue, type LoggedRow } from "@talkme/outbox/daemon";
import { createTask, type ScheduledTask } from "node-cron";
import type { Logger } from "pino";

import { describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import { unfitSchema } from "../language/findings/schema.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { aboutRefused, aboutRow } from "../logging/row-in-log.ts";
import type { Health } from "../service/health.ts";
import { rollUpHours } from "./hours.ts";
import { makeRetentionRound } from "./retention.ts";

const expireBatch = 1000;
const partitionMonthsAhead = 3;

const mostUnexpirable = 1000;
const forgetUnexpirableAfterMs = 600_000;

const expireEveryMs = 15_000;
const checkSchemaEveryMs = 60_000;
const rollUpEveryMs = 300_000;
/** In UTC, where no hour is skipped or repeated, at a quiet time. */
const partitionsAt = "17 3 * * *";
const retentionAt = "43 3 * * *";

/** Their names in logs and metrics. */
export const maintenanceTasks = [
  "expire overdue rows",
  "check the schema",
  "roll up the hours",
  "create partitions",
  "remove old data",
] as const;

interface Task {
  readonly name: (typeof maintenanceTasks)[number];
  readonly work: () => Promise<void>;
}

/**
 * Recurring work in small statements, in every instance. Frequent tasks use the monotonic clock, because a schedule by the
 * time of day stops when the machine's clock is set back.
 */
export class Maintenance {
  readonly #database: Database;
  readonly #metrics: Metrics;
  readonly #health: Health;
  readonly #log: Logger;
  readonly #nightly: readonly ScheduledTask[];
  readonly #stop = new AbortController();
  /** Rows that a trigger or constraint does not let expire; left out for a while. */
  readonly #unexpirable = new Set<string>();
  #forgetUnexpirableAtMs = 0;
  readonly #partitions: Task = { name: "create partitions", work: () => this.#createPartitions() };
  readonly #retention: Task = { name: "remove old data", work: () => this.#removeOldData() };

  constructor(database: Database, metrics: Metrics, health: Health, log: Logger) {
    this.#database = database;
    this.#metrics = metrics;
    this.#health = health;
    this.#log = log;
    this.#nightly = [
      this.#atNight(partitionsAt, this.#partitions),
      this.#atNight(retentionAt, this.#retention),
    ];
  }

  /** Starts every task at once and on its schedule; waits for none. */
  async start(): Promise<void> {
    void this.#repeat({ name: "expire overdue rows", work: () => this.#expire() }, expireEveryMs);
    void this.#repeat({ name: "check the schema", work: () => this.#checkSchema() }, checkSchemaEveryMs);
    void this.#repeat({ name: "roll up the hours", work: () => this.#rollUp() }, rollUpEveryMs);
    void this.#attempt(this.#partitions);
    // A machine that is off at night would keep everything forever.
    void this.#attempt(this.#retention);
    for (const task of this.#nightly) await task.start();
  }

  /** Does not wait for running work: it fails when the connections close, and another instance or the next start repeats it. */
  async stop(): Promise<void> {
    this.#stop.abort();
    for (const task of this.#nightly) await task.destroy();
  }

  #atNight(schedule: string, task: Task): ScheduledTask {
    return createTask(schedule, () => this.#attempt(task), {
      name: task.name,
      timezone: "Etc/UTC",
      noOverlap: true,
      // A clock set forward by a month would write thirty lines to stderr.
      suppressMissedWarning: true,
    });
  }

  async #repeat(task: Task, everyMs: number): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#attempt(task);
      await sleep(everyMs, undefined, { signal }).catch(() => "stopped");
    }
  }

  async #expire(): Promise<void> {
    if (this.#forgetUnexpirableAtMs <= performance.now()) {
      this.#forgetUnexpirableAtMs = performance.now() + forgetUnexpirableAfterMs;
      this.#unexpirable.clear();
    }
    let rows: readonly LoggedRow[];
    do {
      rows = await expireOverdue(this.#database.kysely, expireBatch, [...this.#unexpirable], (refused) => {
        if (this.#unexpirable.size < mostUnexpirable) this.#unexpirable.add(refused.id);
        this.#log.error(aboutRefused(refused), "an overdue row cannot be marked as expired");
      });
      this.#metrics.expiredRows.inc(rows.length);
      for (const row of rows) {
        this.#log.warn({ ...aboutRow(row), outcome: null, status: "expired", code: "expired" }, "not sent");
      }
    } while (rows.length === expireBatch);
  }

  async #createPartitions(): Promise<void> {
    const created = await createAttemptPartitions(this.#database.kysely, partitionMonthsAhead);
    if (created > 0) this.#log.info({ created }, "created partitions of talkme.attempt");
  }

  async #rollUp(): Promise<void> {
    await rollUpHours(this.#database, this.#stop.signal);
  }

  async #removeOldData(): Promise<void> {
    const parts = { database: this.#database, metrics: this.#metrics, log: this.#log };
    await makeRetentionRound(parts, this.#stop.signal);
  }

  /** A newer schema is fine: during an upgrade a newer syncd migrates while this one still runs. */
  async #checkSchema(): Promise<void> {
    const state = await readSchemaState(this.#database.kysely);
    const fit = state.kind === "current" || state.kind === "newer";
    this.#health.schemaUnfit(fit ? null : unfitSchema(state).in("en"));
  }

  /** A failed task runs again at its next time. */
  async #attempt({ name, work }: Task): Promise<void> {
    try {
      await work();
      this.#metrics.maintenanceLastSuccess.set({ task: name }, Date.now() / 1000);
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      this.#metrics.databaseErrors.inc();
      this.#log.warn({ task: name, ...describeDatabaseError(error) }, "maintenance failed");
    }
  }
}
