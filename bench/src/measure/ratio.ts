import { median } from "./statistics.ts";

/** What one contender was measured at, one value for each round. */
export interface Series {
  readonly label: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** What a ratio has to be: for a rate at least so much, for a time or a cost at most so much. */
export interface Goal {
  readonly kind: "at least" | "at most";
  readonly limit: number;
  readonly aim: number | null;
}

export interface Ratio {
  readonly name: string;
  /** What was done, and how much of it. */
  readonly how: string;
  readonly of: Series;
  /** Null where the figure itself is held against the goal. */
  readonly over: Series | null;
  readonly goal: Goal | null;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** Neighbours in time are divided, because other work on the machine slows whole rounds down. */
export function spreadOf({ of, over }: Pick<Ratio, "of" | "over">): Spread {
  const values = of.values.map(
    (value, round) => value / (over === null ? 1 : (over.values[round] ?? Number.NaN)),
  );
  return { median: median(values), least: Math.min(...values), greatest: Math.max(...values) };
}

export type Verdict = "reached" | "missed" | "no goal";

export function verdictOf(ratio: Ratio): Verdict {
  const { goal } = ratio;
  if (goal === null) return "no goal";
  const value = spreadOf(ratio).median;
  const isReached = goal.kind === "at least" ? value >= goal.limit : value <= goal.limit;
  return isReached ? "reached" : "missed";
}
