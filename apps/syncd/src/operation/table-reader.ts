import { setTimeout as sleep } from "node:timers/promises";

import { countRows, readQueue } from "@talkme/outbox/daemon";

import type { Database } from "../database/database.ts";
import type { TableReading } from "./metrics.ts";

/** However many ask, and however long it takes: counting uses at most a fiftieth of the time. */
const freshForMs = 5000;
const countShare = 0.02;

/** A count that failed says little about the load of the next one: it is tried again after a minute at most. */
const failedForAtMostMs = 60_000;

/** Prometheus gives a scrape ten seconds by default: better old numbers than none of any kind. */
const patienceMs = 5000;

/** Reads the table's state for the metrics, and remembers it for a while: counting must not become the load. */
export class TableReader {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  #latest: TableReading | null = null;
  #refreshed: Promise<void> = Promise.resolve();
  #staleAtMs = 0;

  constructor(database: Database, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
  }

  /** Null where the database cannot say; what it said last where it takes too long. */
  async read(): Promise<TableReading | null> {
    if (performance.now() >= this.#staleAtMs) {
      this.#staleAtMs = Number.POSITIVE_INFINITY;
      this.#refreshed = Promise.race([this.#refresh(), sleep(patienceMs, undefined, { ref: false })]);
    }
    await this.#refreshed;
    return this.#latest;
  }

  async #refresh(): Promise<void> {
    const startedAtMs = performance.now();
    let restAtMostMs = Number.POSITIVE_INFINITY;
    try {
      this.#latest = await this.#count();
    } catch (error) {
      this.#latest = null;
      restAtMostMs = failedForAtMostMs;
      this.#onError(error);
    }
    const nowMs = performance.now();
    const restMs = Math.min(restAtMostMs, (nowMs - startedAtMs) / countShare);
    this.#staleAtMs = nowMs + Math.max(freshForMs, restMs);
  }

  async #count(): Promise<TableReading> {
    const counts = await countRows(this.#database.kysely);
    const { lanes } = await readQueue(this.#database.kysely);
    const due = lanes.filter((lane) => lane.dueInMs <= 0).map((lane) => lane.dueAtSeconds);
    return {
      rows: new Map(Object.entries(counts.byStatus)),
      oldestPendingAtSeconds: due.length === 0 ? null : Math.min(...due),
    };
  }
}
