import { countRows, readQueue } from "@talkme/outbox/daemon";

import type { Database } from "../database/database.ts";
import type { TableReading } from "./metrics.ts";

/** However many ask, and however long it takes: counting uses at most a fiftieth of the time. */
const freshForMs = 5000;
const countShare = 0.02;

/** Reads the table's state for the metrics, and remembers it for a while: counting must not become the load. */
export class TableReader {
  readonly #database: Database;
  readonly #onError: (error: unknown) => void;
  #reading: Promise<TableReading | null> = Promise.resolve(null);
  #staleAtMs = 0;

  constructor(database: Database, onError: (error: unknown) => void) {
    this.#database = database;
    this.#onError = onError;
  }

  /** Null where the database cannot say. */
  async read(): Promise<TableReading | null> {
    const nowMs = performance.now();
    if (nowMs >= this.#staleAtMs) {
      this.#staleAtMs = Number.POSITIVE_INFINITY;
      this.#reading = this.#count().catch((error: unknown) => {
        this.#onError(error);
        return null;
      });
      await this.#reading;
      const tookMs = performance.now() - nowMs;
      this.#staleAtMs = performance.now() + Math.max(freshForMs, tookMs / countShare);
    }
    return this.#reading;
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
