import { setTimeout as sleep } from "node:timers/promises";

import type { PostgresServer } from "@talkme/test-postgres";

import { Connection } from "../database/connection.ts";
import type { DisturbedTimes } from "../database/disturbed-times.ts";
import type { Fleet } from "../process/fleet.ts";
import { targetOf, type Disturbance, type DisturbanceKind, type Scheduled } from "../schedule/disturbance.ts";
import { restartServer } from "./restart-server.ts";
import { holdSnapshot, lockRows, lockTable } from "./hold-transaction.ts";
import { keepTrigger } from "./customer-trigger.ts";
import { deleteSending, editSending, restoreSending, truncate } from "./edit-rows.ts";
import type { Meddling } from "./meddling.ts";
import { terminateBackends } from "./terminate-backends.ts";

export interface DisturberParts {
  readonly server: PostgresServer;
  readonly databaseUrl: string;
  readonly fleet: Fleet;
  readonly disturbedTimes: DisturbedTimes;
  readonly meddling: Meddling;
}

/** Disturbs processes and the database by the schedule. */
export class Disturber {
  readonly #parts: DisturberParts;
  readonly #done = new Map<DisturbanceKind, number>();
  /** The running strike of each target: strikes at the same one wait for each other. */
  readonly #targets = new Map<string, Promise<void>>();
  readonly #failures: unknown[] = [];
  readonly #journal: string[] = [];

  constructor(parts: DisturberParts) {
    this.#parts = parts;
  }

  /** How often each kind was done. */
  get done(): ReadonlyMap<DisturbanceKind, number> {
    return this.#done;
  }

  /** When each began and ended, in lines. */
  get journal(): readonly string[] {
    return this.#journal;
  }

  /**
   * Follows the schedule to its end, or until `stop` is aborted, then waits for the last disturbance.
   *
   * @throws The error of a disturbance, such as a server that did not start again.
   */
  async run(scheduled: readonly Scheduled[], stop: AbortSignal): Promise<void> {
    const startedAtMs = performance.now();
    for (const { atMs, disturbance } of scheduled) {
      const waitMs = Math.max(0, startedAtMs + atMs - performance.now());
      await sleep(waitMs, undefined, { signal: stop }).catch(() => "stopped");
      if (stop.aborted) break;
      const target = targetOf(disturbance);
      const before = this.#targets.get(target) ?? Promise.resolve();
      this.#targets.set(
        target,
        before
          .then(() => this.#note(disturbance, stop))
          .catch((error: unknown) => void this.#failures.push(error)),
      );
    }
    await Promise.all(this.#targets.values());
    if (this.#failures.length > 0) throw this.#failures[0];
  }

  async #note(disturbance: Disturbance, stop: AbortSignal): Promise<void> {
    if (stop.aborted) return;
    const from = new Date().toISOString();
    await this.#strike(disturbance);
    this.#journal.push(`${from} ${new Date().toISOString()} ${JSON.stringify(disturbance)}`);
  }

  async #strike(disturbance: Disturbance): Promise<void> {
    const { server, databaseUrl, fleet, disturbedTimes, meddling } = this.#parts;
    const { kind } = disturbance;
    switch (kind) {
      case "kill -9":
        await fleet.slot(disturbance.instance).kill(disturbance.downMs);
        break;
      case "SIGTERM":
        await fleet.slot(disturbance.instance).stop(disturbance.downMs);
        break;
      case "short pause":
        await fleet.slot(disturbance.instance).pause(disturbance.ms);
        break;
      case "pause beyond the lease":
        await fleet.slot(disturbance.instance).pauseUntilDead(disturbance.extraMs);
        break;
      case "restart fast":
      case "restart immediate": {
        const mode = kind === "restart fast" ? "fast" : "immediate";
        await disturbedTimes.during(() => restartServer(server, databaseUrl, mode, disturbance.downMs));
        break;
      }
      case "terminate all backends":
        await disturbedTimes.during(() => this.#withConnection((it) => terminateBackends(it, null)));
        break;
      case "terminate one backend":
        await disturbedTimes.during(() =>
          this.#withConnection((it) => terminateBackends(it, disturbance.choice)),
        );
        break;
      case "lock table":
      case "lock table for long":
        await disturbedTimes.during(() => this.#withConnection((it) => lockTable(it, disturbance.ms)));
        break;
      case "lock rows":
        await disturbedTimes.during(() =>
          this.#withConnection((it) => lockRows(it, disturbance.rows, disturbance.ms)),
        );
        break;
      case "hold snapshot":
        await this.#withConnection((it) => holdSnapshot(it, disturbance.ms));
        break;
      case "trigger returns null":
      case "trigger raises":
      case "trigger raises at the commit":
      case "trigger sleeps":
      case "trigger waits for a lock": {
        const { body, ms } = disturbance;
        await disturbedTimes.during(() => this.#withConnection((it) => keepTrigger(it, meddling, body, ms)));
        break;
      }
      case "truncate":
        await disturbedTimes.during(() => this.#withConnection((it) => truncate(it, meddling)));
        break;
      case "delete while sending":
        await this.#withConnection((it) => deleteSending(it, meddling, disturbance.rows));
        break;
      case "edit while sending":
        await this.#withConnection((it) => editSending(it, meddling, disturbance));
        break;
      case "restore":
        await this.#withConnection((it) => restoreSending(it, meddling, disturbance));
    }
    this.#done.set(kind, (this.#done.get(kind) ?? 0) + 1);
  }

  /** A connection for one disturbance, which ends early if another one breaks the connection. */
  async #withConnection(work: (connection: Connection) => Promise<void>): Promise<void> {
    await using connection = new Connection(this.#parts.databaseUrl, "disturber");
    await work(connection).catch(() => "cut short");
  }
}
