/** A disturbance, in milliseconds of the clock that the deliveries were taken with. */
export interface Span {
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

export interface Recovery {
  /** Messages a second in the last {@link beforeMs} before the disturbance. */
  readonly before: number;
  /** Messages a second while it lasted; null where it was over at once. */
  readonly during: number | null;
  /** Seconds from its end to the first delivery; null if there was none. */
  readonly firstSeconds: number | null;
  /** Seconds from its end until {@link wholeShare} of the rate before is reached again; null if it never is. */
  readonly wholeSeconds: number | null;
}

const beforeMs = 3000;
/** The rate is back when so long a time has seen it. */
const windowMs = 2000;
const stepMs = 100;
const wholeShare = 0.8;

/** How the rate of deliveries went on. @param deliveredAtMs When the receiver accepted each, in any order. */
export function recoveryOf(deliveredAtMs: readonly number[], { beganAtMs, endedAtMs }: Span): Recovery {
  const times = deliveredAtMs.toSorted((a, b) => a - b);
  const perSecond = (fromMs: number, toMs: number): number =>
    (times.filter((atMs) => atMs >= fromMs && atMs < toMs).length / (toMs - fromMs)) * 1000;
  const before = perSecond(beganAtMs - beforeMs, beganAtMs);
  const lastMs = times.at(-1) ?? 0;
  const first = times.find((atMs) => atMs >= endedAtMs) ?? null;
  let wholeSeconds: number | null = null;
  for (let fromMs = first ?? lastMs; fromMs + windowMs <= lastMs && wholeSeconds === null; fromMs += stepMs) {
    if (perSecond(fromMs, fromMs + windowMs) >= before * wholeShare)
      wholeSeconds = (fromMs - endedAtMs) / 1000;
  }
  return {
    before,
    during: endedAtMs - beganAtMs < stepMs ? null : perSecond(beganAtMs, endedAtMs),
    firstSeconds: first === null ? null : (first - endedAtMs) / 1000,
    wholeSeconds,
  };
}
