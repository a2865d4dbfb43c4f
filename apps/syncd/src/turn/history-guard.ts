import {
  checkHistory,
  confirmHistory,
  readHistoryState,
  testify,
  type ClaimStop,
  type HistoryState,
} from "@talkme/outbox/daemon";

import type { LostTurns } from "../careful/lost-turns.ts";
import type { Instance } from "../instance/instance.ts";
import type { ClaimPlanner } from "../lanes/claim-planner.ts";
import type { Health } from "../service/health.ts";
import { Recall, type RecallParts } from "./recall.ts";

/** While something is in the way, look this often whether it is gone. */
const checkEveryMs = 1000;

/** Claims find a change at once; this is for an instance that has nothing to claim. */
const lookAnywayEveryMs = 10_000;

export interface HistoryGuardParts extends RecallParts {
  readonly instance: Instance;
  readonly planner: ClaimPlanner;
  readonly turns: LostTurns;
  readonly health: Health;
}

/**
 * Keeps this instance from claiming while the database may have forgotten what was sent: after a failover, a restore, or in a copy.
 * The database itself refuses each claim; this finds out why, writes down what the process remembers, and goes on once somebody
 * has acknowledged the change.
 */
export class HistoryGuard {
  readonly #parts: HistoryGuardParts;
  readonly #reclaim: () => Promise<void>;
  #stop: ClaimStop | null = null;
  #checkAtMs = 0;
  /** The era of the last check; undefined before the first. */
  #era: string | null | undefined;
  #recall: Recall | null = null;
  /** Under which name it has told the database about which change. */
  #testimony: string | null = null;
  #missing = 0;
  #isLocalReported = false;

  /** @param reclaim Takes care of what lost statements have claimed, and waits for claims that are under way. */
  constructor(parts: HistoryGuardParts, reclaim: () => Promise<void>) {
    this.#parts = parts;
    this.#reclaim = reclaim;
  }

  /** Whether nothing may be claimed. */
  get stops(): boolean {
    return this.#stop !== null;
  }

  /** It may be another server that answers next. */
  suspect(): void {
    this.#checkAtMs = 0;
  }

  /** The database has refused a claim. */
  stopped(stop: ClaimStop): void {
    if (this.#stop !== null) return;
    this.#stop = stop;
    this.#checkAtMs = 0;
  }

  /** How long there is nothing to do here, in milliseconds. */
  dueInMs(nowMs: number): number {
    const { era } = this.#parts.instance;
    if (this.#era === undefined) this.#era = era;
    // It was registered again, in an era that began while it was away.
    if (era !== this.#era) return 0;
    return Math.max(0, this.#checkAtMs - nowMs);
  }

  /** Only between two turns. Does what is due, and lifts the stop once nothing is in the way. */
  async check(): Promise<void> {
    const { database, instance, planner, health } = this.#parts;
    this.#checkAtMs = performance.now() + (this.#stop === null ? lookAnywayEveryMs : checkEveryMs);
    const { changed, era, complete } = await checkHistory(database.kysely);
    if (changed) {
      await this.#wait();
      return;
    }
    if (era !== this.#era) {
      if (!(await this.#enter(era, complete))) return;
    } else if (this.#stop === "history_changed" || era !== instance.era) {
      // Also where it has entered it before: another server may not know that.
      await instance.enter(era);
    }
    if (this.#stop === "local_refused" && (await this.#isLocalRefused())) return;
    if (this.#stop === null) return;
    this.#isLocalReported = false;
    this.#stop = null;
    this.#checkAtMs = performance.now() + lookAnywayEveryMs;
    health.historyStops(null);
    planner.lookSoon();
  }

  /** @returns False where that has to be tried again. */
  async #enter(era: string | null, complete: boolean): Promise<boolean> {
    const { instance, turns, log } = this.#parts;
    if (!(await this.#recalled())) return false;
    // Of the era that ends: such a row is pending again only if no claim can have been lost.
    await this.#reclaim();
    if (!complete) turns.forget();
    await instance.enter(era);
    this.#era = era;
    this.#recall = null;
    log.info({ confirmed: complete }, "the change of the database is acknowledged: sending again");
    return true;
  }

  /** Nobody has acknowledged the change yet. */
  async #wait(): Promise<void> {
    const { database, instance, health, log } = this.#parts;
    this.#stop = "history_changed";
    this.#checkAtMs = performance.now() + checkEveryMs;
    const state = await readHistoryState(database.kysely);
    health.historyStops(state.notice);
    health.databaseAnswered();
    const testimony = `${instance.name} ${state.change}`;
    if (testimony !== this.#testimony) {
      if (this.#recall === null)
        log.error(
          aboutChange(state),
          "this is not the database in which messages were marked: nothing is sent",
        );
      if (!(await this.#recalled())) return;
      this.#missing = this.#recall?.missing ?? 0;
      this.#testimony = testimony;
      this.#recall = null;
    }
    await testify(database.kysely, instance.name, this.#missing, instance.beats);
    if (await confirmHistory(database.kysely)) this.#checkAtMs = 0;
  }

  /** Writes down what this process remembers; false where somebody has locked a row, and it has to be done again. */
  async #recalled(): Promise<boolean> {
    this.#recall ??= new Recall(this.#parts, this.#era ?? null);
    return this.#recall.round();
  }

  async #isLocalRefused(): Promise<boolean> {
    const { database, health, log } = this.#parts;
    const { claimDurability } = await readHistoryState(database.kysely);
    if (claimDurability === "local") return false;
    health.historyStops(localRefused);
    if (!this.#isLocalReported)
      log.error("a standby confirms the claims of the others: this instance claims nothing");
    this.#isLocalReported = true;
    return true;
  }
}

const localRefused =
  "TALKME_CLAIM_DURABILITY is local here, but talkme.history says that a standby confirms every claim: set it to standby; or, to go on without a standby, select talkme.allow_local_claims('why')";

function aboutChange({ was, is, noticedAtSeconds }: HistoryState): Record<string, unknown> {
  return {
    was: { system_identifier: was.systemIdentifier, timeline: was.timeline },
    is: { system_identifier: is.systemIdentifier, timeline: is.timeline },
    noticed_at: noticedAtSeconds === null ? null : new Date(noticedAtSeconds * 1000).toISOString(),
  };
}
