import { switches, type Protection } from "./protections/protections.ts";
import type { InvariantName } from "./search/invariants.ts";

/** A way to run the whole, within stated bounds. */
export interface Design {
  readonly says: string;
  /** `on_unknown` of each row. */
  readonly rows: readonly ("hold" | "resend")[];
  /** What may happen to the database's history, once. */
  readonly change: "none" | "promotion" | "restore" | "move";
  /** Whether clients may still reach the old primary after a promotion. */
  readonly isCutOff: boolean;
  /** Whether claims wait for the standby: `TALKME_CLAIM_DURABILITY`. */
  readonly durability: "local" | "standby";
  /** `TALKME_MAX_ATTEMPTS`. */
  readonly maxAttempts: number;
  /** Crashes, pauses, lost statements and answers, cancelled waits: at most so many in all. */
  readonly faults: number;
  /** Whether a person may have an unknown row sent again. Nearly all states come after that, and twice is no violation there. */
  readonly hasSentAgain: boolean;
  /** Protections that the design does not have. */
  readonly without: readonly Protection[];
  /** What it violates all the same; null: nothing. */
  readonly expected: InvariantName | null;
}

const usual = {
  rows: ["hold"],
  isCutOff: false,
  durability: "local",
  maxAttempts: 2,
  faults: 1,
  hasSentAgain: false,
  without: [],
  expected: null,
} as const;

export const designs = {
  "one primary": {
    ...usual,
    says: "no failover, two rows, one of them with on_unknown = resend",
    rows: ["hold", "resend"],
    change: "none",
    hasSentAgain: true,
  },
  "no guard, promotion": {
    ...usual,
    says: "asynchronous failover without a guard of history",
    change: "promotion",
    without: ["timeline"],
    expected: "twice",
  },
  "no notice, promotion": {
    ...usual,
    says: "synchronous standby without a guard; somebody cancels the wait, and nobody heeds the warning",
    change: "promotion",
    durability: "standby",
    without: ["timeline", "notice"],
    expected: "twice",
  },
  "standby, promotion": {
    ...usual,
    says: "TALKME_CLAIM_DURABILITY=standby; a promotion acknowledges itself",
    change: "promotion",
    durability: "standby",
  },
  "standby, cut off": {
    ...usual,
    says: "the same, and clients still reach the old primary",
    change: "promotion",
    durability: "standby",
    isCutOff: true,
  },
  "standby, restore": {
    ...usual,
    says: "TALKME_CLAIM_DURABILITY=standby; an older state is restored, and a person acknowledges",
    change: "restore",
    durability: "standby",
  },
  "history, promotion": {
    ...usual,
    says: "asynchronous failover, the guard of history, a person acknowledges",
    change: "promotion",
  },
  "history, cut off": {
    ...usual,
    says: "the same, and clients still reach the old primary",
    change: "promotion",
    isCutOff: true,
  },
  "history, move": {
    ...usual,
    says: "an older dump is restored into another server, and a person acknowledges",
    change: "move",
  },
} as const satisfies Readonly<Record<string, Design>>;

export type DesignName = keyof typeof designs;

export const designNames = Object.keys(designs).filter((name) => isDesign(name));

export function isDesign(name: string): name is DesignName {
  return Object.hasOwn(designs, name);
}

/** A design with some of its protections taken out. */
export interface Setting extends Design {
  readonly has: Readonly<Record<Protection, boolean>>;
}

export function settingOf(design: Design, without: readonly Protection[] = []): Setting {
  const off = new Set<Protection>([...design.without, ...without]);
  return { ...design, has: switches(off) };
}
