import type { DoneStrike } from "./failover-disturber.ts";

/** How long the API heard nothing because of the strikes of a kind. */
export interface Silence {
  readonly strikes: number;
  readonly medianSeconds: number;
  readonly longestSeconds: number;
}

/**
 * The longest time without an accepted message that overlaps each strike, until the cluster was healthy and sent again. Pure.
 *
 * @param acceptedAtMs When the API accepted messages, in milliseconds since 1970, in order.
 */
export function silences(
  strikes: readonly DoneStrike[],
  acceptedAtMs: readonly number[],
): Readonly<Record<string, Silence>> {
  const byKind = Map.groupBy(strikes, ({ kind }) => kind);
  return Object.fromEntries(
    [...byKind].map(([kind, of]) => {
      const seconds = of.map((strike) => longestGapMs(strike, acceptedAtMs) / 1000).toSorted((a, b) => a - b);
      return [
        kind,
        {
          strikes: of.length,
          medianSeconds: seconds[Math.floor(seconds.length / 2)] ?? 0,
          longestSeconds: seconds.at(-1) ?? 0,
        },
      ];
    }),
  );
}

function longestGapMs({ fromMs, toMs }: DoneStrike, acceptedAtMs: readonly number[]): number {
  const times = [fromMs, ...acceptedAtMs.filter((atMs) => atMs > fromMs && atMs < toMs), toMs];
  return Math.max(...times.slice(1).map((atMs, index) => atMs - (times[index] ?? atMs)));
}
