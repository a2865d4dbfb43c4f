import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import {
  beginEpoch,
  enterEra,
  raiseClaimDurability,
  registerInstance,
  rescueFromDeadInstances,
  sendHeartbeat,
  setListening,
  unlessLocked,
  unregisterInstance,
} from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Settings } from "../config/settings.ts";
import { describeDatabaseError, isReadOnly } from "../database/database-fault.ts";
import { usualDeadlines, type Database, type Deadlines } from "../database/database.ts";
import { backoffMs } from "../policy/backoff.ts";
import type { Health } from "../service/health.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { aboutRefused, aboutRow } from "../logging/row-in-log.ts";
import { version } from "../version.ts";

/** Somebody keeps our registration locked: it is not written during this. */
const lockedForMs = 5000;

export interface InstanceOptions {
  readonly settings: Pick<
    Settings,
    "accounts" | "claimDurability" | "leaseSeconds" | "requestTimeoutMs" | "onUnknown" | "maxAttempts"
  >;
  /** Whether notifications reach this instance at all. */
  readonly listener: { readonly listening: boolean };
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: Logger;
  /** The server takes no writes any more: what only reads would not find out. */
  readonly onReadOnly: () => void;
}

/** A heartbeat, including its connection, may take a third of the lease: that leaves time for another one. */
export function heartbeatDeadlines(leaseSeconds: number): Deadlines {
  const halfMs = (leaseSeconds * 1000) / 6;
  return {
    connectMs: Math.min(usualDeadlines.connectMs, halfMs),
    statementMs: Math.min(usualDeadlines.statementMs, halfMs),
  };
}

/** This daemon among the others: its name, its heartbeat, and the rescue of rows that dead instances have left. */
export class Instance {
  readonly #database: Database;
  readonly #heartbeats: Database;
  readonly #options: InstanceOptions;
  readonly #silenced = new AbortController();
  #name = newName();
  #epoch = 0;
  #beats = 0;
  /** The eras in which its names were registered, or which they have entered since. */
  readonly #eras = new Map<string, string | null>();
  #listening: boolean | null = false;
  #listenNotBeforeMs = 0;
  #beating: Promise<void> = Promise.resolve();
  #isRescuing = false;
  #returning: Promise<void> | null = null;
  /** Since when its heartbeats have come without a gap of a lease. */
  #steadySinceMs = 0;
  #lastBeatAtMs = Number.NEGATIVE_INFINITY;

  /**
   * @param heartbeats The same database with {@link heartbeatDeadlines}, over connections of its own: a heartbeat waits for
   *   no other statement, and for no connection that turns out to be dead.
   */
  constructor(database: Database, heartbeats: Database, options: InstanceOptions) {
    this.#database = database;
    this.#heartbeats = heartbeats;
    this.#options = options;
  }

  /** As in `claimed_by`. Changes when the instance comes back after it was declared dead. */
  get name(): string {
    return this.#name;
  }

  /** Named by its claims: see {@link outdate}. */
  get epoch(): number {
    return this.#epoch;
  }

  /** How many of its heartbeats were answered, under this name. */
  get beats(): number {
    return this.#beats;
  }

  /** What it claims now belongs to it: see `talkme.history`. */
  get era(): string | null {
    return this.eraOf(this.#name);
  }

  /** The same of one of its names. */
  eraOf(name: string): string | null {
    return this.#eras.get(name) ?? null;
  }

  /** Goes on in another era. Only while none of its claims is under way. */
  async enter(era: string | null): Promise<void> {
    const name = this.#name;
    this.#epoch += 1;
    this.#beats = (await enterEra(this.#database.kysely, name, era, this.#epoch)) ?? this.#beats;
    this.#eras.set(name, era);
  }

  /** A lost statement may still run in the server: from now on no statement sent before claims anything. */
  async outdate(): Promise<void> {
    this.#epoch += 1;
    await beginEpoch(this.#database.kysely, this.#name, this.#epoch);
  }

  /** Registers it and starts its heartbeat, three within a lease. */
  async start(): Promise<void> {
    this.#name = newName();
    await this.#register();
    await this.#beat();
    this.#beating = this.#keepBeating();
  }

  /**
   * Goes on under another name: it was declared dead, and its rows are in other hands.
   *
   * @param dead The name that is no longer registered. Nothing happens where that is an earlier one, reported late.
   */
  async comeBack(dead: string): Promise<void> {
    if (dead !== this.#name) return;
    // A heartbeat and a claim may find out at the same time.
    this.#returning ??= this.#registerAgain().finally(() => {
      this.#returning = null;
    });
    await this.#returning;
  }

  /**
   * Asks inserts to notify us only while idle: a notification in every insert would serialise their commits.
   *
   * @returns True where it has just begun: earlier inserts have to be looked for once more.
   */
  async listenWhile(idle: boolean): Promise<boolean> {
    const wanted = idle && this.#options.listener.listening;
    if (wanted === this.#listening || performance.now() < this.#listenNotBeforeMs) return false;
    // Until the answer comes, the table may say either.
    this.#listening = null;
    const set = await unlessLocked(this.#database.kysely, (transaction) =>
      setListening(transaction, this.#name, wanted),
    );
    if (set === "locked") this.#listenNotBeforeMs = performance.now() + lockedForMs;
    // The next heartbeat says it, too.
    this.#listening = wanted;
    return wanted;
  }

  /** Sends no more heartbeats. Where it still has rows, the others find it dead when its lease is over. */
  async silence(): Promise<void> {
    this.#silenced.abort();
    await this.#beating;
  }

  /** A clean stop, after {@link silence}: it has no rows any more. */
  async unregister(): Promise<void> {
    await unregisterInstance(this.#heartbeats.kysely, this.#name);
  }

  async #registerAgain(): Promise<void> {
    const dead = this.#name;
    this.#name = newName();
    this.#epoch = 0;
    this.#listening = false;
    await this.#register();
    this.#options.log.warn({ dead, name: this.#name }, "was declared dead, and is back under another name");
  }

  async #register(): Promise<void> {
    const { accounts, claimDurability: durability, leaseSeconds, requestTimeoutMs } = this.#options.settings;
    const identity = {
      name: this.#name,
      version,
      host: hostname(),
      pid: process.pid,
      leaseSeconds,
      requestSeconds: requestTimeoutMs / 1000,
      durability,
      accounts: accounts.map(({ name }) => name),
    };
    const { era } = await registerInstance(this.#heartbeats.kysely, identity);
    this.#eras.set(identity.name, era);
    this.#beats = 0;
  }

  /** Until it is silenced. After a failure the next one comes sooner: the lease is running out. */
  async #keepBeating(): Promise<void> {
    const { settings, metrics, health, log, onReadOnly } = this.#options;
    const periodMs = (settings.leaseSeconds * 1000) / 3;
    const retry = { baseMs: periodMs / 4, maxMs: periodMs / 2 };
    let failures = 0;
    for (let waitMs = periodMs; await this.#hasRested(waitMs);) {
      const startedAtMs = performance.now();
      try {
        await this.#beat();
        failures = 0;
        health.heartbeatSucceeded();
        waitMs = Math.max(0, periodMs - (performance.now() - startedAtMs));
      } catch (error) {
        failures += 1;
        // Others that were silent at the same time may live: see #hasBeenSteady.
        this.#lastBeatAtMs = Number.NEGATIVE_INFINITY;
        const problem = describeDatabaseError(error);
        metrics.databaseErrors.inc();
        health.heartbeatFailed(problem.message);
        log.warn(problem, "no heartbeat");
        if (isReadOnly(error)) onReadOnly();
        waitMs = backoffMs(retry, failures, retry.baseMs, Math.random);
      }
    }
  }

  async #beat(): Promise<void> {
    const name = this.#name;
    const sinceLastMs = await sendHeartbeat(this.#heartbeats.kysely, name, this.#listening, this.#epoch);
    if (sinceLastMs === null) await this.comeBack(name);
    else this.#beats += 1;
    if (this.#hasBeenSteady(sinceLastMs ?? 0)) void this.#rescue();
  }

  /** @returns False where it was silenced before. */
  async #hasRested(ms: number): Promise<boolean> {
    const { signal } = this.#silenced;
    return sleep(ms, !signal.aborted, { signal }).catch(() => false);
  }

  /**
   * Whether this instance may declare others dead. After the database was away, or its clock was set forward, every instance
   * looks dead to the first that is back. So it waits until its own heartbeats have come without a gap for a whole lease: an
   * instance that was silent all that time is dead.
   *
   * @param sinceLastMs How long ago the last heartbeat was, by the database's clock.
   */
  #hasBeenSteady(sinceLastMs: number): boolean {
    const leaseMs = this.#options.settings.leaseSeconds * 1000;
    const nowMs = performance.now();
    const hasJumped = sinceLastMs - (nowMs - this.#lastBeatAtMs) > leaseMs / 3;
    if (nowMs - this.#lastBeatAtMs > leaseMs || hasJumped) this.#steadySinceMs = nowMs;
    this.#lastBeatAtMs = nowMs;
    return nowMs - this.#steadySinceMs >= leaseMs;
  }

  /** Runs beside the heartbeat, which must not wait for it. */
  async #rescue(): Promise<void> {
    if (this.#isRescuing) return;
    this.#isRescuing = true;
    const { log, metrics, settings } = this.#options;
    try {
      const rescued = await rescueFromDeadInstances(
        this.#database.kysely,
        settings.onUnknown,
        settings.maxAttempts,
        (refused) => log.error(aboutRefused(refused), "a row of a dead instance cannot be rescued"),
      );
      metrics.rescuedRows.inc(rescued.length);
      for (const row of rescued) {
        const { claimedBy, status, code } = row;
        log.warn(
          // The fate of its request is unknown, also where the row is sent again.
          { ...aboutRow(row), outcome: "unknown", status, code, instance: claimedBy },
          "the instance that was sending this row died",
        );
      }
      const isConfirmed = settings.claimDurability === "standby";
      if (isConfirmed && (await raiseClaimDurability(this.#database.kysely)))
        log.info("a standby confirms every claim from now on: instances with local claims claim nothing");
    } catch (error) {
      metrics.databaseErrors.inc();
      log.warn(describeDatabaseError(error), "could not look for rows of dead instances");
    } finally {
      this.#isRescuing = false;
    }
  }
}

/** Readable in psql, and never used twice. */
function newName(): string {
  return `${hostname().slice(0, 40)}-${randomBytes(4).toString("hex")}`;
}
