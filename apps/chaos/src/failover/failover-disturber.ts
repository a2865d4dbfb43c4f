import { setTimeout as sleep } from "node:timers/promises";

import type { PatroniCluster } from "@talkme/test-cluster";

import type { Fleet } from "../process/fleet.ts";
import type { Companion, FailoverKind, Strike } from "./failover-disturbance.ts";
import { strikeLeader } from "./strike-leader.ts";

/** A strike as it was done; times in milliseconds since 1970. */
export interface DoneStrike {
  readonly kind: FailoverKind;
  readonly companion: Companion;
  readonly fromMs: number;
  /** The cluster is healthy again, and messages are sent. */
  readonly toMs: number;
  /** Whether another node leads now. */
  readonly hasMoved: boolean;
}

export interface FailoverDisturberParts {
  readonly cluster: PatroniCluster;
  readonly fleet: Fleet;
  /** How many messages the API has accepted. */
  readonly accepted: () => number;
  readonly onDone: (strike: DoneStrike) => void;
}

const lookEveryMs = 100;
/** A person has to acknowledge, and that no sooner than a lease after the failover was noticed. */
const resumeDeadlineMs = 120_000;

/** Strikes one after the other, each when the cluster has recovered from the one before. */
export class FailoverDisturber {
  readonly #parts: FailoverDisturberParts;
  readonly #done: DoneStrike[] = [];

  constructor(parts: FailoverDisturberParts) {
    this.#parts = parts;
  }

  get done(): readonly DoneStrike[] {
    return this.#done;
  }

  /**
   * Strikes until `seconds` have passed, and finishes the last one.
   *
   * @throws if the cluster does not recover, or nothing is sent although it has.
   */
  async run(strikes: Iterable<Strike>, seconds: number, signal: AbortSignal): Promise<void> {
    const endMs = performance.now() + seconds * 1000;
    for (const strike of strikes) {
      await sleep(strike.restMs, undefined, { signal });
      if (performance.now() > endMs) return;
      await this.#strike(strike, signal);
    }
  }

  async #strike({ disturbance, companion }: Strike, signal: AbortSignal): Promise<void> {
    const { cluster, onDone } = this.#parts;
    const leader = await cluster.healthy(signal);
    const fromMs = Date.now();
    await Promise.all([strikeLeader(cluster, leader, disturbance), this.#accompany(companion)]);
    const next = await cluster.healthy(signal);
    await this.#resumes(signal);
    const done: DoneStrike = {
      kind: disturbance.kind,
      companion,
      fromMs,
      toMs: Date.now(),
      hasMoved: next !== leader,
    };
    this.#done.push(done);
    onDone(done);
  }

  async #accompany(companion: Companion): Promise<void> {
    if (companion === null) return;
    const slot = this.#parts.fleet.slot(companion.instance);
    switch (companion.kind) {
      case "kill -9":
        return slot.kill(500);
      case "pause beyond the lease":
        return slot.pauseUntilDead(500);
    }
  }

  async #resumes(signal: AbortSignal): Promise<void> {
    const { accepted } = this.#parts;
    const before = accepted();
    const endMs = performance.now() + resumeDeadlineMs;
    while (accepted() === before) {
      if (performance.now() > endMs) throw new Error("The cluster has recovered, and nothing is sent.");
      await sleep(lookEveryMs, undefined, { signal });
    }
  }
}
