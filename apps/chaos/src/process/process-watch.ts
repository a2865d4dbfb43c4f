import { setTimeout as sleep } from "node:timers/promises";

import { Connection, type Whereabouts } from "../database/connection.ts";
import type { DisturbedTimes } from "../database/disturbed-times.ts";
import type { Meddling } from "../disturb/meddling.ts";
import type { Sampler } from "../database/sampler.ts";
import { concurrency } from "./daemon-settings.ts";
import type { LoggedProcess } from "./logged-process.ts";

const checkEveryMs = 50;
const busyRows = concurrency / 2;
const busyDeadlineMs = 2000;
const deadDeadlineMs = 12_000;

const countSending =
  "select count(*)::integer as rows from talkme.outbox where status = 'sending' and claimed_by = any($1)";

/** A process as the database shows it: when to disturb it, and what it left behind. */
export class ProcessWatch {
  readonly #databaseUrl: Whereabouts;
  readonly #sampler: Sampler;
  readonly #disturbedTimes: DisturbedTimes;
  readonly #meddling: Meddling;

  constructor(
    databaseUrl: Whereabouts,
    sampler: Sampler,
    disturbedTimes: DisturbedTimes,
    meddling: Meddling,
  ) {
    this.#databaseUrl = databaseUrl;
    this.#sampler = sampler;
    this.#disturbedTimes = disturbedTimes;
    this.#meddling = meddling;
  }

  /** The registered names of a process. */
  namesOf(process: LoggedProcess): readonly string[] {
    return [...new Set([...process.names, ...this.#sampler.namesOf(process.pid)])];
  }

  /** Whether the database was disturbed at any moment since then, on the monotonic clock. */
  databaseWasDisturbed(sinceMs: number): boolean {
    return this.#disturbedTimes.since(sinceMs);
  }

  /** Waits, for a limited time, until it has several rows on the wire. */
  async busy(process: LoggedProcess): Promise<void> {
    await this.#waitFor(busyDeadlineMs, async (connection) => {
      const [held] = await connection.query<{ rows: number }>(countSending, [this.namesOf(process)]);
      return (held?.rows ?? 0) >= busyRows;
    });
  }

  /** Waits, for a limited time, until the others have declared it dead. */
  async declaredDead(process: LoggedProcess): Promise<void> {
    const names = this.namesOf(process);
    await this.#waitFor(deadDeadlineMs, async (connection) => {
      const registered = await connection.query("select from talkme.instance where name = any($1)", [names]);
      return registered.length === 0;
    });
  }

  /** How many rows it has in `sending`, without those that others changed. */
  async countLeft(process: LoggedProcess): Promise<number> {
    await using connection = new Connection(this.#databaseUrl, "watch");
    const { condition, value } = this.#meddling.spared("$2");
    const [held] = await connection.ask<{ rows: number }>(`${countSending} and ${condition}`, [
      this.namesOf(process),
      value,
    ]);
    return held?.rows ?? 0;
  }

  async #waitFor(deadlineMs: number, holds: (connection: Connection) => Promise<boolean>): Promise<void> {
    await using connection = new Connection(this.#databaseUrl, "watch");
    const endMs = performance.now() + deadlineMs;
    while (performance.now() < endMs) {
      // While the database is away nothing can be known.
      if (await holds(connection).catch(() => false)) return;
      await sleep(checkEveryMs);
    }
  }
}
