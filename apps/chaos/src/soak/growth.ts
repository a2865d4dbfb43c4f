import { tolerances, type Measurement, type Quantity } from "./measurement.ts";

/** The trend of one quantity of one instance. */
export interface Trend {
  readonly instance: number;
  readonly quantity: Quantity;
  /** The median of the first third of the days, without the first. */
  readonly begin: number;
  /** The median of the last third. */
  readonly end: number;
  readonly grows: boolean;
}

/** @param days An instance's daily measurements; the first day is for warming up. */
export function trendsOf(instance: number, days: readonly Measurement[]): readonly Trend[] {
  const counted = days.slice(1);
  const third = Math.max(1, Math.floor(counted.length / 3));
  return quantities.map((quantity) => {
    const values = counted.map((measurement) => measurement[quantity]);
    const begin = median(values.slice(0, third));
    const end = median(values.slice(-third));
    const { share, absolute } = tolerances[quantity];
    return { instance, quantity, begin, end, grows: end > begin * (1 + share) + absolute };
  });
}

const quantities = [
  "heapBytes",
  "residentBytes",
  "files",
  "resources",
  "connections",
  "lagMs",
] as const satisfies readonly Quantity[];

/** 0 of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
