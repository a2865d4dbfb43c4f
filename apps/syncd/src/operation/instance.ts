import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

import type { OnUnknown } from "@talkme/outbox";
import {
  registerInstance,
  rescueFromDeadInstances,
  sendHeartbeat,
  setListening,
  unregisterInstance,
} from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import type { Metrics } from "./metrics.ts";

export interface InstanceOptions {
  readonly version: string;
  readonly leaseSeconds: number;
  readonly onUnknown: OnUnknown;
  readonly maxAttempts: number;
  /** Whether notifications reach this instance at all. */
  readonly canListen: () => boolean;
  /** Told how many instances are alive, at every heartbeat. */
  readonly onInstances: (alive: number) => void;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** This daemon among the others: its name, its heartbeat, and the rescue of what dead ones have left. */
export class Instance {
  readonly #database: Database;
  readonly #options: InstanceOptions;
  #name = newName();
  #listening: boolean | null = false;
  #timer: NodeJS.Timeout | null = null;
  #beating: Promise<void> | null = null;
  #returning: Promise<void> | null = null;
  /** Since when its heartbeats have come without a gap of a lease. */
  #steadySinceMs = 0;
  #lastBeatAtMs = Number.NEGATIVE_INFINITY;

  constructor(database: Database, options: InstanceOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** As in `claimed_by`. Changes when the instance was declared dead and came back. */
  get name(): string {
    return this.#name;
  }

  /** Registers it and starts its heartbeat, three within a lease. */
  async start(): Promise<void> {
    this.#name = newName();
    await this.#register();
    await this.#beat();
    const periodMs = (this.#options.leaseSeconds * 1000) / 3;
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat()
        .catch((error: unknown) => {
          this.#options.metrics.databaseErrors.inc();
          this.#options.log.warn(describeDatabaseError(error), "no heartbeat");
        })
        .finally(() => {
          this.#beating = null;
        });
    }, periodMs);
  }

  /** It was declared dead: its rows are in other hands. Goes on under another name. */
  async comeBack(): Promise<void> {
    // A heartbeat and a claim may find it out at the same time.
    this.#returning ??= this.#registerAnew().finally(() => {
      this.#returning = null;
    });
    await this.#returning;
  }

  /**
   * Asks to be notified of inserts, or not: a notification in every insert would serialise their commits.
   *
   * @returns True where it has just begun: what was inserted before has to be looked for once more.
   */
  async listenWhile(idle: boolean): Promise<boolean> {
    const wanted = idle && this.#options.canListen();
    if (wanted === this.#listening) return false;
    // Until it is answered, nobody knows what the table says.
    this.#listening = null;
    await setListening(this.#database.kysely, this.#name, wanted);
    this.#listening = wanted;
    return wanted;
  }

  /** No more heartbeats: should it hold rows still, the others find it dead when its lease is over. */
  async silence(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#beating;
  }

  /** A clean stop, after {@link silence}: it holds nothing any more. */
  async unregister(): Promise<void> {
    await unregisterInstance(this.#database.kysely, this.#name);
  }

  async #registerAnew(): Promise<void> {
    const dead = this.#name;
    this.#name = newName();
    this.#listening = false;
    await this.#register();
    this.#options.log.warn({ dead, name: this.#name }, "was declared dead, and is back under another name");
  }

  async #register(): Promise<void> {
    const { version, leaseSeconds } = this.#options;
    const identity = { name: this.#name, version, host: hostname(), pid: process.pid, leaseSeconds };
    await registerInstance(this.#database.kysely, identity);
  }

  async #beat(): Promise<void> {
    const { onInstances } = this.#options;
    const alive = await sendHeartbeat(this.#database.kysely, this.#name);
    if (alive === null) await this.comeBack();
    else onInstances(alive);
    if (this.#hasBeenSteady()) await this.#rescue();
  }

  /**
   * After the database was away, every instance looks dead to the first that is back. Who has not been heard for a
   * lease by one that was there all the time, is.
   */
  #hasBeenSteady(): boolean {
    const leaseMs = this.#options.leaseSeconds * 1000;
    const nowMs = performance.now();
    if (nowMs - this.#lastBeatAtMs > leaseMs) this.#steadySinceMs = nowMs;
    this.#lastBeatAtMs = nowMs;
    return nowMs - this.#steadySinceMs >= leaseMs;
  }

  async #rescue(): Promise<void> {
    const { log, metrics, onUnknown, maxAttempts } = this.#options;
    const rescued = await rescueFromDeadInstances(this.#database.kysely, onUnknown, maxAttempts);
    metrics.rescuedRows.inc(rescued.length);
    for (const { id, claimedBy, status } of rescued) {
      log.warn({ id, instance: claimedBy, status }, "the instance that was sending this row died");
    }
  }
}

/** Readable in psql, and never used twice. */
function newName(): string {
  return `${hostname().slice(0, 40)}-${randomBytes(4).toString("hex")}`;
}
