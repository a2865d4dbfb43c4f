import type { CircuitKind } from "@talkme/outbox";
import { readCircuits, saveCircuit, type CircuitRecord } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import {
  closedCircuit,
  isAlarm,
  observe,
  releaseTrial,
  takeTrial,
  type Circuit,
  type CircuitEvent,
  type CircuitPolicy,
} from "../policy/circuit.ts";

/** A circuit as the database has it, with what says which state that is. */
interface Known {
  readonly circuit: Circuit;
  readonly version: number;
  readonly alarms: number;
}

/** A change whose fate is unknown: the connection broke, perhaps after its commit. */
interface Doubt {
  readonly version: number;
  readonly circuit: Circuit;
  /** How many answers it was to tell of. */
  readonly told: number;
}

interface Change {
  readonly circuit: Circuit;
  readonly alarm: boolean;
  /** How many of the answers it tells of. */
  readonly told?: number;
}

const neverInTrouble: Known = { circuit: closedCircuit, version: 0, alarms: 0 };

/** So often a change is computed anew when other instances were faster; then it waits for the next turn. */
const tries = 5;

export interface CircuitsParts {
  readonly database: Database;
  readonly accounts: readonly string[];
  readonly policy: CircuitPolicy;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * The circuits of all accounts, shared with the other instances through the database. What happens here is seen at
 * once; what others did, at the next look, and a claim that does not know of it yet takes nothing.
 */
export class Circuits {
  readonly #parts: CircuitsParts;
  readonly #known: Map<string, Known>;
  /** Answers that the database has not been told of. */
  readonly #events: Map<string, CircuitEvent[]>;
  readonly #doubts = new Map<string, Doubt>();

  constructor(parts: CircuitsParts) {
    this.#parts = parts;
    this.#known = new Map(parts.accounts.map((account) => [account, neverInTrouble]));
    this.#events = new Map(parts.accounts.map((account) => [account, []]));
  }

  /** The account's circuit, as the database has it and with the answers since. */
  of(account: string): Circuit {
    const events = this.#events.get(account) ?? [];
    return this.#after(this.#knownOf(account).circuit, events).circuit;
  }

  /** Why each account's circuit is open; null while it is closed. */
  kinds(): ReadonlyMap<string, CircuitKind | null> {
    return new Map(this.#parts.accounts.map((account) => [account, this.of(account).open?.kind ?? null]));
  }

  /** The state that a claim has to be made in. */
  alarmsOf(account: string): number {
    return this.#knownOf(account).alarms;
  }

  /** Takes an answer into account. */
  observe(account: string, event: CircuitEvent): void {
    const { circuit } = this.#knownOf(account);
    const events = this.#events.get(account) ?? [];
    // Nearly every answer: nothing to tell, and nothing to keep.
    if (events.length === 0 && observe(circuit, event, this.#parts.policy) === circuit) return;
    events.push(event);
  }

  /** Takes in what the database says; accounts that it does not name were never in trouble. */
  learn(records: readonly CircuitRecord[], nowMs: number): void {
    const byAccount = new Map(records.map((record) => [record.account, record]));
    for (const account of this.#known.keys()) {
      const record = byAccount.get(account);
      this.#become(account, record === undefined ? neverInTrouble : toKnown(record, nowMs));
    }
  }

  /** Tells the database what the answers say. */
  async report(): Promise<void> {
    for (const [account, events] of this.#events) {
      const doubt = this.#doubts.get(account);
      if (doubt !== undefined) await this.#settleDoubt(account, doubt, events);
      if (events.length === 0) continue;
      let told = 0;
      const saved = await this.#change(account, (circuit) => {
        told = events.length;
        return { ...this.#after(circuit, events), told };
      });
      if (saved) events.splice(0, told);
    }
  }

  /** Asks for the permit to try a row; returns whether `by` has it. */
  async takeTrial(account: string, by: string, nowMs: number): Promise<boolean> {
    if (this.of(account).trial?.by === by) return true;
    await this.#change(account, (circuit) => {
      const next = takeTrial(circuit, by, nowMs, this.#parts.policy) ?? circuit;
      return { circuit: next, alarm: isAlarm(circuit, next) };
    });
    return this.of(account).trial?.by === by;
  }

  /** Gives back the permits that `by` has, of all accounts or of one. */
  async releaseTrials(by: string, accounts: Iterable<string> = this.#known.keys()): Promise<void> {
    for (const account of accounts) {
      // An answer that the database was not told of may be that of the trial: it is the permit that lets it decide.
      const isTold = this.#events.get(account)?.length === 0;
      if (!isTold || this.of(account).trial?.by !== by) continue;
      await this.#change(account, (circuit) => ({ circuit: releaseTrial(circuit, by), alarm: false }));
    }
  }

  /** Writes what `compute` makes of the account's circuit; returns false where others changed it all the time. */
  async #change(account: string, compute: (circuit: Circuit) => Change): Promise<boolean> {
    const { database } = this.#parts;
    for (let i = 0; i < tries; i += 1) {
      const known = this.#knownOf(account);
      const { circuit, alarm, told = 0 } = compute(known.circuit);
      if (circuit === known.circuit) return true;
      const record = toRecord(circuit, performance.now());
      const change = { ...record, account, expectedVersion: known.version, alarm };
      const saved = await saveCircuit(database.kysely, change).catch((error: unknown) => {
        this.#doubts.set(account, { version: known.version + 1, circuit, told });
        throw error;
      });
      if (saved !== null) {
        const opened = circuit.open !== null && known.circuit.open?.kind !== circuit.open.kind;
        if (opened) this.#parts.metrics.circuitOpenings.inc({ account, kind: circuit.open.kind });
        this.#become(account, { circuit, ...saved });
        return true;
      }
      this.learn(await readCircuits(database.kysely), performance.now());
    }
    return false;
  }

  /** An answer that the database has been told of must not be told twice: two would open the circuit. */
  async #settleDoubt(account: string, doubt: Doubt, events: CircuitEvent[]): Promise<void> {
    const records = await readCircuits(this.#parts.database.kysely);
    const nowMs = performance.now();
    const found = records.find((record) => record.account === account);
    if (
      found !== undefined &&
      found.version === doubt.version &&
      isSame(toKnown(found, nowMs).circuit, doubt.circuit)
    ) {
      events.splice(0, doubt.told);
    }
    this.#doubts.delete(account);
    this.learn(records, nowMs);
  }

  #after(circuit: Circuit, events: readonly CircuitEvent[]): Change {
    let alarm = false;
    let current = circuit;
    for (const event of events) {
      const next = observe(current, event, this.#parts.policy);
      alarm ||= isAlarm(current, next);
      current = next;
    }
    return { circuit: current, alarm };
  }

  #become(account: string, known: Known): void {
    const was = this.#knownOf(account).circuit.open?.kind ?? null;
    const is = known.circuit.open;
    this.#known.set(account, known);
    if ((is?.kind ?? null) === was) return;
    this.#parts.metrics.circuitTransitions.inc({ account, to: is?.kind ?? "closed" });
    if (is === null) {
      this.#parts.log.info({ account }, "circuit closed: the account sends again");
      return;
    }
    const waitMs = Math.max(0, Math.round(is.halfOpenAtMs - performance.now()));
    this.#parts.log[is.kind === "throttled" ? "warn" : "error"](
      { account, kind: is.kind, reason: reasons[is.kind], wait_ms: waitMs },
      "circuit opened: the account's rows wait",
    );
  }

  #knownOf(account: string): Known {
    return this.#known.get(account) ?? neverInTrouble;
  }
}

/** Why an account's rows wait, and what ends it. */
export const reasons: Readonly<Record<CircuitKind, string>> = {
  not_found:
    "The API answered 404 twice in a row; a third one would lock the token. Mend the campaign, channel or credentials, then: select talkme.resume('account:NAME')",
  authentication:
    "The API refuses the account's id_cliente or token. Mend them, then restart syncd, or send SIGHUP if it reads them from files that change in place (not under systemd: its credentials are those of the start), then: select talkme.resume('account:NAME')",
  trouble: "The API cannot be reached or gives no clear answer. It is tried with one row after a pause.",
  throttled: "The API answered 429: too many requests. The account waits, and goes on at half its rate.",
};

/** Whether two circuits are one, but for the times, which were told in distances from now. */
function isSame(a: Circuit, b: Circuit): boolean {
  return (
    a.notFounds === b.notFounds &&
    a.troubles === b.troubles &&
    a.slowdown === b.slowdown &&
    a.open?.kind === b.open?.kind &&
    a.trial?.by === b.trial?.by
  );
}

function toKnown(record: CircuitRecord, nowMs: number): Known {
  const { kind, halfOpenInMs, throttledAgoMs, trialBy } = record;
  return {
    version: record.version,
    alarms: record.alarms,
    circuit: {
      notFounds: record.notFounds,
      troubles: record.troubles,
      open: kind === null ? null : { kind, halfOpenAtMs: nowMs + (halfOpenInMs ?? 0) },
      slowdown: record.slowdown,
      throttledAtMs: throttledAgoMs === null ? null : nowMs - throttledAgoMs,
      trial: trialBy === null ? null : { by: trialBy, alive: record.trialAlive },
    },
  };
}

function toRecord(circuit: Circuit, nowMs: number) {
  return {
    notFounds: circuit.notFounds,
    troubles: circuit.troubles,
    kind: circuit.open?.kind ?? null,
    halfOpenInMs: circuit.open === null ? null : circuit.open.halfOpenAtMs - nowMs,
    slowdown: circuit.slowdown,
    throttledAgoMs: circuit.throttledAtMs === null ? null : nowMs - circuit.throttledAtMs,
    trialBy: circuit.trial?.by ?? null,
  };
}
