import type { Passage } from "@talkme/test-cluster";

import type { SeededRandom } from "../random/seeded-random.ts";

type Cut = Exclude<Passage, "open">;

/** What is done to the leader, or around it. */
export type FailoverDisturbance =
  /** kill -9 of all its PostgreSQL processes: Patroni starts them again or another node takes over. */
  | { readonly kind: "kill PostgreSQL" }
  /** kill -9 of PostgreSQL and Patroni; both are started again `downMs` later. */
  | { readonly kind: "kill the leader"; readonly downMs: number }
  /** kill -9 of its Patroni: another node takes over, and the old leader goes on taking writes until Patroni is back. */
  | { readonly kind: "kill Patroni"; readonly downMs: number }
  /** SIGSTOP of everything, and SIGCONT after another node has taken over: it takes writes until Patroni finds that out. */
  | { readonly kind: "freeze the leader"; readonly ms: number }
  /** Its standbys do not reach it; clients do. */
  | { readonly kind: "cut replication"; readonly cut: Cut; readonly ms: number }
  /** The same, and somebody cancels each commit that waits for a standby. */
  | { readonly kind: "cut replication and cancel waits"; readonly cut: Cut; readonly ms: number }
  /** Neither standbys nor etcd reach it; clients do. */
  | { readonly kind: "cut off the leader"; readonly cut: Cut; readonly ms: number }
  | { readonly kind: "switch over" }
  /** kill -9 of a standby, the synchronous one if there is one. */
  | { readonly kind: "kill a standby"; readonly downMs: number }
  /** Nobody can hold the leader's lock. */
  | { readonly kind: "etcd is away"; readonly ms: number };

export type FailoverKind = FailoverDisturbance["kind"];

/** What is done to an instance of syncd at the same time. */
export type Companion = {
  readonly kind: "kill -9" | "pause beyond the lease";
  readonly instance: number;
} | null;

export interface Strike {
  readonly disturbance: FailoverDisturbance;
  readonly companion: Companion;
  /** How long everything is left alone before it. */
  readonly restMs: number;
}

const failoverKinds: readonly FailoverKind[] = [
  "switch over",
  "kill the leader",
  "freeze the leader",
  "kill Patroni",
  "cut off the leader",
  "cut replication and cancel waits",
  "kill PostgreSQL",
  "cut replication",
  "kill a standby",
  "etcd is away",
];

export interface StrikeOptions {
  readonly instances: number;
  readonly ttlSeconds: number;
}

/** Strikes without end: rounds of every kind, each round in an order of its own. Pure. */
export function* strikes(random: SeededRandom, options: StrikeOptions): Generator<Strike> {
  for (;;) {
    for (const kind of random.shuffled(failoverKinds)) {
      const disturbance = draw(kind, random, options);
      const instance = random.integer(0, options.instances - 1);
      const companion: Companion = random.chance(0.3)
        ? { kind: random.pick(["kill -9", "pause beyond the lease"]), instance }
        : null;
      yield { disturbance, companion, restMs: random.integer(1000, 3000) };
    }
  }
}

function draw(kind: FailoverKind, random: SeededRandom, { ttlSeconds }: StrikeOptions): FailoverDisturbance {
  const ttlMs = ttlSeconds * 1000;
  const cut = random.pick<Cut>(["refused", "silent"]);
  switch (kind) {
    case "kill PostgreSQL":
    case "switch over":
      return { kind };
    case "kill the leader":
    case "kill Patroni":
      // Long enough for another node to take over, and to be written to.
      return { kind, downMs: ttlMs + random.integer(3000, 7000) };
    case "freeze the leader":
      return { kind, ms: ttlMs + random.integer(2000, 6000) };
    case "cut replication":
    case "cut replication and cancel waits":
      return { kind, cut, ms: random.integer(2000, 8000) };
    case "cut off the leader":
      return { kind, cut, ms: ttlMs + random.integer(2000, 6000) };
    case "kill a standby":
      return { kind, downMs: random.integer(0, 3000) };
    case "etcd is away":
      return { kind, ms: ttlMs + random.integer(1000, 4000) };
  }
}
