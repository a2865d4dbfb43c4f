import { readSchemaState } from "@talkme/outbox";
import { createAttemptPartitions, expireOverdue } from "@talkme/outbox/daemon";
import { createTask, type ScheduledTask } from "node-cron";
import type { Logger } from "pino";

import { describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import { describeSchema } from "../database/unfit-schema-error.ts";
import type { Health } from "./health.ts";
import type { Metrics } from "./metrics.ts";

const expireBatch = 1000;
const partitionMonthsAhead = 3;

/** What has to be done now and then, in small statements, whichever instance does it. */
export class Maintenance {
  readonly #database: Database;
  readonly #metrics: Metrics;
  readonly #health: Health;
  readonly #log: Logger;
  readonly #tasks: readonly ScheduledTask[];

  constructor(database: Database, metrics: Metrics, health: Health, log: Logger) {
    this.#database = database;
    this.#metrics = metrics;
    this.#health = health;
    this.#log = log;
    this.#tasks = [
      this.#task("expire overdue rows", "*/15 * * * * *", () => this.#expire()),
      this.#task("create partitions", "17 3 * * *", () => this.#createPartitions()),
      this.#task("check the schema", "* * * * *", () => this.#checkSchema()),
    ];
  }

  /** Does at once what may be overdue, without keeping anybody waiting, and goes on by the clock. */
  async start(): Promise<void> {
    void this.#attempt("create partitions", () => this.#createPartitions());
    for (const task of this.#tasks) await task.start();
  }

  async stop(): Promise<void> {
    for (const task of this.#tasks) await task.destroy();
  }

  async #expire(): Promise<void> {
    let rows: number;
    do {
      rows = await expireOverdue(this.#database.kysely, expireBatch);
      if (rows > 0) this.#log.warn({ rows, status: "expired" }, "not sent in time");
    } while (rows === expireBatch);
  }

  async #createPartitions(): Promise<void> {
    const created = await createAttemptPartitions(this.#database.kysely, partitionMonthsAhead);
    if (created > 0) this.#log.info({ created }, "created partitions of talkme.attempt");
  }

  /** A newer schema is the doing of a newer syncd beside this one, which goes on until it is replaced. */
  async #checkSchema(): Promise<void> {
    const state = await readSchemaState(this.#database.kysely);
    const fit = state.kind === "current" || state.kind === "newer";
    this.#health.schemaUnfit(fit ? null : describeSchema(state));
  }

  /** In UTC, where no hour is skipped or repeated. */
  #task(name: string, schedule: string, work: () => Promise<void>): ScheduledTask {
    return createTask(schedule, () => this.#attempt(name, work), {
      name,
      timezone: "Etc/UTC",
      noOverlap: true,
    });
  }

  /** What fails is tried again at its next time. */
  async #attempt(name: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#metrics.databaseErrors.inc();
      // A connection whose statement ran out of time is still busy with it.
      this.#database.replace();
      this.#log.warn({ task: name, ...describeDatabaseError(error) }, "maintenance failed");
    }
  }
}
