import type { CircuitKind } from "@talkme/outbox";
import { readCircuits, saveCircuit, unlessLocked, type CircuitRecord } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "../database/database.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Account } from "../accounts/account.ts";
import { circuitKey, circuitKeyParts, type CircuitKey } from "./circuit-key.ts";
import { reasons } from "./circuit-reasons.ts";
import { isSame, neverInTrouble, toKnown, toRecord, type Known } from "./known-circuit.ts";
import {
  closedCircuit,
  isAlarm,
  observe,
  releaseTrial,
  takeTrial,
  type Circuit,
  type CircuitEvent,
  type CircuitPolicy,
  type CircuitSignal,
} from "../policy/circuit.ts";

/** A change whose fate is unknown: the connection broke, perhaps after the commit. */
interface Doubt {
  readonly version: number;
  readonly circuit: Circuit;
  /** How many answers it was to report. */
  readonly reported: number;
}

interface Change {
  readonly circuit: Circuit;
  readonly reportedBy?: string | null;
  readonly alarm: boolean;
  /** How many of the answers it reports. */
  readonly reported?: number;
}

/** Tries to recompute a change that another instance overtook; then it waits for the next turn. */
const tries = 5;

/** A circuit that somebody keeps locked is not written during this. */
const lockedForMs = 2000;

export interface CircuitsParts {
  readonly database: Database;
  readonly accounts: ReadonlyMap<string, Pick<Account, "fingerprint">>;
  readonly policy: CircuitPolicy;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/**
 * The circuits of all accounts, shared with the other instances through the database. What happens here counts at once;
 * what happens elsewhere is seen at the next look, and a claim that does not know of it takes nothing.
 */
export class Circuits {
  readonly #parts: CircuitsParts;
  readonly #known: Map<string, Known>;
  /** Answers that are not in the database yet. */
  readonly #events: Map<string, CircuitEvent[]>;
  readonly #doubts = new Map<string, Doubt>();
  /** Circuits that somebody keeps locked, and when they are written again. */
  readonly #locked = new Map<CircuitKey, number>();
  /** Accounts of which the API refused a token, of any instance, with our own token. Nearly always none. */
  readonly #refused = new Map<string, CircuitKey>();

  constructor(parts: CircuitsParts) {
    this.#parts = parts;
    const names = [...parts.accounts.keys()];
    this.#known = new Map(names.map((account) => [account, neverInTrouble]));
    this.#events = new Map(names.map((account) => [account, []]));
  }

  /** The account's circuit, as the database has it and with the answers since. */
  of(account: string): Circuit {
    return this.#at(account);
  }

  /** The circuit of our token for the account; null unless the API refused it. */
  ofToken(account: string): Circuit | null {
    const key = this.#tokenKeyOf(account);
    if (key === null) return null;
    const circuit = this.#at(key);
    return circuit.open === null ? null : circuit;
  }

  /** Why each account waits here; null while it does not. */
  kinds(): ReadonlyMap<string, CircuitKind | null> {
    return new Map(
      [...this.#parts.accounts.keys()].map((account) => [
        account,
        (this.of(account).open ?? this.ofToken(account)?.open)?.kind ?? null,
      ]),
    );
  }

  /**
   * Whether somebody keeps the account's circuit locked. What the others have not heard of must not be tried again then, and no
   * permit to try can be had.
   */
  isLocked(account: string): boolean {
    if (this.#locked.size === 0) return false;
    const nowMs = performance.now();
    return this.#keysOf(account).some((key) => (this.#locked.get(key) ?? 0) > nowMs);
  }

  /** Whether answers of the account are not in the database yet. */
  isUnreported(account: string): boolean {
    return this.#keysOf(account).some((key) => (this.#events.get(key)?.length ?? 0) > 0);
  }

  #keysOf(account: string): readonly CircuitKey[] {
    const token = this.#tokenKeyOf(account);
    return token === null ? [account] : [account, token];
  }

  /** How many alarms we know of: a claim takes nothing after a newer one. */
  alarmsOf(account: string): number {
    return this.#knownOf(account).alarms;
  }

  /**
   * Takes an answer into account. A token that the API refuses stops the instances that have it, and no others.
   *
   * @param isOurToken False where the token was replaced while the request was on the wire.
   */
  observe(account: string, event: CircuitEvent, isOurToken: boolean): void {
    const isRefusal = event.signal === "authentication";
    this.#take(account, isRefusal ? { ...event, signal: "none" } : event);
    if (!isOurToken) return;
    if (isRefusal) this.#refuse(account);
    const key = this.#tokenKeyOf(account);
    if (key !== null) this.#take(key, { ...event, signal: saidOfToken(event.signal) });
  }

  #at(key: CircuitKey): Circuit {
    return this.#after(this.#knownOf(key).circuit, this.#events.get(key) ?? []).circuit;
  }

  #take(key: CircuitKey, event: CircuitEvent): void {
    const { circuit } = this.#knownOf(key);
    const events = this.#events.get(key) ?? [];
    // Nearly every answer: nothing to report, and nothing to keep.
    if (events.length === 0 && observe(circuit, event, this.#parts.policy) === circuit) return;
    events.push(event);
  }

  /** From now on the circuit of our token is of interest. */
  #refuse(account: string): void {
    const fingerprint = this.#parts.accounts.get(account)?.fingerprint();
    if (fingerprint === undefined) return;
    const key = circuitKey(account, fingerprint);
    // An earlier token of ours is let go of first.
    if (!this.#refused.has(account)) this.#refused.set(account, key);
    if (!this.#events.has(key)) this.#events.set(key, []);
  }

  /** The key of our present token; null where the API never refused one. */
  #tokenKeyOf(account: string): CircuitKey | null {
    if (!this.#refused.has(account)) return null;
    return circuitKey(account, this.#parts.accounts.get(account)?.fingerprint() ?? "");
  }

  /** Takes in what the database says; accounts that it does not name were never in trouble. */
  learn(records: readonly CircuitRecord[], nowMs: number): void {
    const byKey = new Map(records.map((record) => [circuitKey(record.account, record.credential), record]));
    for (const { account, credential, kind } of records) {
      if (credential !== "" && kind !== null) this.#refuse(account);
    }
    const tokens = [...this.#refused].flatMap(([account, key]) => [key, this.#tokenKeyOf(account) ?? key]);
    for (const key of new Set([...this.#parts.accounts.keys(), ...tokens])) {
      const record = byKey.get(key);
      this.#become(key, record === undefined ? neverInTrouble : toKnown(record, nowMs));
    }
  }

  /**
   * Writes into the database what the answers say.
   *
   * @param mayReport Of which accounts, now.
   */
  async report(mayReport: (account: string) => boolean): Promise<void> {
    await this.#letGoOfOldTokens();
    for (const [key, events] of this.#events) {
      const doubt = this.#doubts.get(key);
      if (doubt !== undefined) await this.#settleDoubt(key, doubt, events);
      if (events.length === 0) continue;
      const { account, credential } = circuitKeyParts(key);
      if (!mayReport(account)) continue;
      let reported = 0;
      const saved = await this.#change(key, (circuit) => {
        reported = events.length;
        const reportedBy = credential === "" ? null : (events.at(-1)?.by ?? null);
        return { ...this.#after(circuit, events), reported, reportedBy };
      });
      if (saved) events.splice(0, reported);
    }
  }

  /** Asks for the permits to try a row: who has them then, the circuits say. */
  async takeTrial(account: string, by: string, nowMs: number): Promise<void> {
    const token = this.ofToken(account) === null ? null : this.#tokenKeyOf(account);
    for (const key of token === null ? [account] : [account, token]) {
      if (this.#at(key).trial?.by === by) continue;
      await this.#change(key, (circuit) => {
        const next = takeTrial(circuit, by, nowMs, this.#parts.policy) ?? circuit;
        return { circuit: next, alarm: isAlarm(circuit, next) };
      });
      // Without the account's permit the token's is of no use.
      if (this.#at(key).trial?.by !== by) return;
    }
  }

  /** A token that was replaced here may be tried once more by instances that still have it. */
  async #letGoOfOldTokens(): Promise<void> {
    for (const [account, key] of this.#refused) {
      const now = this.#tokenKeyOf(account);
      if (key === now) continue;
      const isOpen = this.#knownOf(key).circuit.open !== null;
      if (isOpen) await this.#change(key, () => ({ circuit: closedCircuit, alarm: false }));
      for (const map of [this.#known, this.#events, this.#doubts]) map.delete(key);
      this.#refused.delete(account);
      if (now !== null && this.#events.has(now)) this.#refused.set(account, now);
    }
  }

  /** Gives back the permits that `by` has, of all accounts or of one. */
  async releaseTrials(by: string, accounts: Iterable<string> = this.#parts.accounts.keys()): Promise<void> {
    for (const key of [...accounts].flatMap((name) => this.#keysOf(name))) {
      // An answer that was not reported may be that of the trial, which may decide only with the permit.
      const isReported = this.#events.get(key)?.length === 0;
      if (!isReported || this.#at(key).trial?.by !== by) continue;
      await this.#change(key, (circuit) => ({ circuit: releaseTrial(circuit, by), alarm: false }));
    }
  }

  /** Writes what `compute` makes of the circuit; returns false where others kept changing it. */
  async #change(key: CircuitKey, compute: (circuit: Circuit) => Change): Promise<boolean> {
    const { database } = this.#parts;
    if ((this.#locked.get(key) ?? 0) > performance.now()) return false;
    for (let i = 0; i < tries; i += 1) {
      const known = this.#knownOf(key);
      const { circuit, alarm, reported = 0, reportedBy = null } = compute(known.circuit);
      if (circuit === known.circuit) return true;
      const record = toRecord(circuit, performance.now());
      const { account, credential } = circuitKeyParts(key);
      const change = { ...record, account, credential, reportedBy, expectedVersion: known.version, alarm };
      const save = unlessLocked(database.kysely, (transaction) => saveCircuit(transaction, change));
      const saved = await save.catch((error: unknown) => {
        this.#doubts.set(key, { version: known.version + 1, circuit, reported });
        throw error;
      });
      if (saved === "locked") {
        this.#locked.set(key, performance.now() + lockedForMs);
        return false;
      }
      this.#locked.delete(key);
      if (saved !== null) {
        const opened = circuit.open !== null && known.circuit.open?.kind !== circuit.open.kind;
        if (opened) this.#parts.metrics.circuitOpenings.inc({ account, kind: circuit.open.kind });
        this.#become(key, { circuit, ...saved });
        return true;
      }
      this.learn(await readCircuits(database.kysely), performance.now());
    }
    return false;
  }

  /** An answer must not be reported twice: two would open the circuit. */
  async #settleDoubt(key: CircuitKey, doubt: Doubt, events: CircuitEvent[]): Promise<void> {
    const records = await readCircuits(this.#parts.database.kysely);
    const nowMs = performance.now();
    const found = records.find((record) => circuitKey(record.account, record.credential) === key);
    if (
      found !== undefined &&
      found.version === doubt.version &&
      isSame(toKnown(found, nowMs).circuit, doubt.circuit)
    ) {
      events.splice(0, doubt.reported);
    }
    this.#doubts.delete(key);
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

  #become(key: CircuitKey, known: Known): void {
    const was = this.#knownOf(key).circuit.open?.kind ?? null;
    const is = known.circuit.open;
    this.#known.set(key, known);
    const { account } = circuitKeyParts(key);
    if ((is?.kind ?? null) === was) return;
    this.#parts.metrics.circuitTransitions.inc({ account, to: is?.kind ?? "closed" });
    if (is === null) {
      this.#parts.log.info({ account }, "circuit closed: the account sends again");
      return;
    }
    const waitMs = Math.max(0, Math.round(is.halfOpenAtMs - performance.now()));
    this.#parts.log[is.kind === "throttled" ? "warn" : "error"](
      { account, kind: is.kind, reason: reasons[is.kind].replace("NAME", account), wait_ms: waitMs },
      "circuit opened: the account's rows wait",
    );
  }

  #knownOf(key: CircuitKey): Known {
    return this.#known.get(key) ?? neverInTrouble;
  }
}

/** What an answer says of its token: any but a refusal shows that the token is right. */
function saidOfToken(signal: CircuitSignal): CircuitSignal {
  return signal === "not_found" || signal === "throttled" ? "success" : signal;
}
