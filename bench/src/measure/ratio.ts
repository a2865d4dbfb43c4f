import { median } from "./statistics.ts";

/** One contender's values, one for each round. */
export interface Series {
  readonly label: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** The goal of a ratio: at least `limit` for a rate, at most `limit` for a time or cost. */
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
  /** Null if the figure itself is compared with the goal. */
  readonly over: Series | null;
  readonly goal: Goal | null;
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** Divides neighbours in time, because other load slows whole rounds. */
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
