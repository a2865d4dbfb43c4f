import { blamedFunction, listLockWaits } from "@talkme/outbox/daemon";

import { applicationName, type Database } from "./database.ts";

/** Finds out, over a separate connection, what this daemon's statements wait for. */
export class LockWatch {
  readonly #database: Database;
  #lock: string | null = null;
  #function: string | null = null;
  #looking: Promise<void> | null = null;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What statements last waited for, if known; for logs and probes, without any row's contents. */
  get last(): string {
    const known = [this.#function === null ? null : `in ${this.#function}`, this.#lock];
    return known.filter((part) => part !== null).join(", ") || "unknown";
  }

  /** Records a statement that failed because it waited or took too long. */
  gaveUp(error: unknown): void {
    this.#function = blamedFunction(error);
  }

  /** Call it while a statement waits. Never fails. */
  async look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null;
    });
    await this.#looking;
  }

  async #look(): Promise<void> {
    const waits = await listLockWaits(this.#database.kysely, applicationName).catch(() => []);
    if (waits.length === 0) return;
    const descriptions = waits.map(
      ({ relation, holders }) =>
        `a lock${relation === null ? "" : ` on ${relation}`} held by process ${holders}`,
    );
    this.#lock = descriptions.slice(0, 3).join("; ");
  }
}
