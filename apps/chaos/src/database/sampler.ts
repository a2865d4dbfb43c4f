import { setTimeout as sleep } from "node:timers/promises";

import type { Meddling } from "../disturb/meddling.ts";
import type { Connection } from "./connection.ts";
import type { Peak } from "./peak.ts";

const everyMs = 150;

interface Held {
  readonly instance: string;
  readonly rows: number;
}

interface Registration {
  readonly name: string;
  readonly pid: number;
}

/** Samples the table while the scenario runs. */
export class Sampler {
  readonly #connection: Connection;
  readonly #meddling: Meddling;
  readonly #mostSending = new Map<string, Peak>();
  readonly #namesByPid = new Map<number, Set<string>>();
  #pending = 0;
  #samples = 0;

  constructor(connection: Connection, meddling: Meddling) {
    this.#connection = connection;
    this.#meddling = meddling;
  }

  /** The most rows that were `sending` at once, by the instance that had claimed them. */
  get mostSending(): ReadonlyMap<string, Peak> {
    return this.#mostSending;
  }

  /** How many rows were waiting at the last sample. */
  get pending(): number {
    return this.#pending;
  }

  get samples(): number {
    return this.#samples;
  }

  /** The names under which a process was seen registered. */
  namesOf(pid: number): ReadonlySet<string> {
    return this.#namesByPid.get(pid) ?? new Set();
  }

  /** Samples until `stop` is aborted; skips while the database is away. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#look().catch(() => "The database is away.");
      await sleep(everyMs, undefined, { signal: stop }).catch(() => "stopped");
    }
  }

  async #look(): Promise<void> {
    // Rows that others changed do not use an instance's slots.
    const { condition, value } = this.#meddling.spared("$1");
    const held = await this.#connection.query<Held>(
      `select claimed_by as instance, count(*)::integer as rows from talkme.outbox
       where status = 'sending' and ${condition} group by 1`,
      [value],
    );
    for (const { instance, rows } of held) {
      if (rows > (this.#mostSending.get(instance)?.rows ?? 0)) {
        this.#mostSending.set(instance, { rows, at: new Date().toISOString() });
      }
    }
    const registered = await this.#connection.query<Registration>("select name, pid from talkme.instance");
    for (const { name, pid } of registered) {
      const names = this.#namesByPid.get(pid);
      if (names === undefined) this.#namesByPid.set(pid, new Set([name]));
      else names.add(name);
    }
    const [waiting] = await this.#connection.query<{ pending: number }>(
      "select count(*)::integer as pending from talkme.outbox where status = 'pending'",
    );
    this.#pending = waiting?.pending ?? 0;
    this.#samples += 1;
  }
}
