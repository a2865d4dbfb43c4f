import { setTimeout as sleep } from "node:timers/promises";

import type { Simulator } from "@talkme/simulator";

import { Connection } from "../database/connection.ts";
import type { Meddling } from "../disturb/meddling.ts";
import { writableServers } from "./writable-server.ts";

/** A change of the database's history that a person has dealt with. */
export interface Acknowledgement {
  /** From then on nothing may be sent: the change is noticed, and no old leader takes writes any more. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The rows that she was shown. */
  readonly shown: number;
  /** Of these: accepted by the API although they wait. She cancelled them; they would have been sent twice. */
  readonly spared: number;
}

export interface PersonParts {
  readonly leaderUrl: () => Promise<string>;
  readonly urls: readonly string[];
  readonly simulator: Simulator;
  readonly meddling: Meddling;
}

interface Doubt {
  readonly id: string;
  readonly status: string;
  readonly numero: string;
}

const lookEveryMs = 300;
/** Where no claim can have been lost, syncd acknowledges by itself as soon as it may. */
const hesitatesMs = 4000;

const ask = `select changed_at is not null as changed, coalesce(acknowledgeable_at <= clock_timestamp(), false) as due
  from talkme.history_state()`;
const askForDoubts = `select d.id, d.status, o.numero_dest as numero
  from talkme.history_doubts() as d join talkme.outbox as o using (id)`;

/**
 * The operator, who does what the runbook says: makes sure that no old leader takes writes, looks in Talk.me for the rows that
 * talkme.history_doubts() shows, cancels those that were sent, and acknowledges.
 */
export class Person {
  readonly #parts: PersonParts;
  readonly #acknowledgements: Acknowledgement[] = [];
  readonly #journal: string[] = [];

  constructor(parts: PersonParts) {
    this.#parts = parts;
  }

  get acknowledgements(): readonly Acknowledgement[] {
    return this.#acknowledgements;
  }

  /** What she saw and did, in lines. */
  get journal(): readonly string[] {
    return this.#journal;
  }

  /** Watches until `stop` is aborted. */
  async run(stop: AbortSignal): Promise<void> {
    await using connection = new Connection(this.#parts.leaderUrl, "person");
    let fromMs: number | null = null;
    let dueAtMs = Number.POSITIVE_INFINITY;
    while (!stop.aborted) {
      // While there is no leader nothing can be known.
      const [state] = await connection
        .query<{ changed: boolean; due: boolean }>(ask)
        .catch(() => [] as readonly { changed: boolean; due: boolean }[]);
      const isHeld = state?.changed === true && (await writableServers(this.#parts.urls)).length === 1;
      if (!isHeld) fromMs = null;
      else if (fromMs === null) {
        fromMs = Date.now();
        this.#note("the database is another one, and nothing is sent");
      }
      if (state?.due !== true) dueAtMs = Number.POSITIVE_INFINITY;
      else dueAtMs = Math.min(dueAtMs, Date.now() + hesitatesMs);
      if (fromMs !== null && dueAtMs < Date.now() && (await this.#acknowledge(connection, fromMs)))
        fromMs = null;
      await sleep(lookEveryMs, undefined, { signal: stop }).catch(() => "stopped");
    }
  }

  /** Returns whether she did: another failover may come in between. */
  async #acknowledge(connection: Connection, fromMs: number): Promise<boolean> {
    try {
      const doubts = await connection.query<Doubt>(askForDoubts);
      const accepted = new Set(this.#parts.simulator.ledger.entries().map(({ numeroDest }) => numeroDest));
      const sent = doubts.filter(({ status, numero }) => status === "pending" && accepted.has(numero));
      // Before it is done: if the connection breaks, the audit excuses too much rather than accusing the daemon.
      this.#parts.meddling.decide(sent.map(({ numero }) => numero));
      for (const { id } of sent)
        await connection.query("select talkme.cancel($1, 'it was sent before the failover')", [id]);
      const toMs = Date.now();
      await connection.query(
        "select talkme.acknowledge_history('failover; the rows in doubt were looked up')",
      );
      this.#acknowledgements.push({ fromMs, toMs, shown: doubts.length, spared: sent.length });
      this.#note(`acknowledged: ${doubts.length} rows shown, ${sent.length} of them cancelled`);
      return true;
    } catch (error) {
      this.#note(String(error));
      return false;
    }
  }

  #note(line: string): void {
    this.#journal.push(`${new Date().toISOString()} ${line}`);
  }
}
