import { setTimeout as sleep } from "node:timers/promises";

import type { Child } from "../stage/child.ts";

const sampleEveryMs = 15;
const stallDeadlineMs = 60_000;

/** The share of every run that warms the program up and is not counted. */
const warmUpShare = 0.2;

export interface Sample {
  readonly atMs: number;
  readonly served: number;
}

export interface Drain {
  readonly count: number;
  readonly samples: readonly Sample[];
  /** Messages a second after the warm-up, until all work was recorded. */
  readonly perSecond: number;
  /** Microseconds of the program's processor time for each message after the warm-up. */
  readonly cpuMicroseconds: number;
  readonly residentMb: number;
}

/** An API that counts its requests. */
export interface CountingApi {
  readonly url: string;
  countServed(): Promise<number>;
}

export interface DrainOptions {
  readonly api: CountingApi;
  readonly count: number;
  /** The most requests for other messages in between. @default 0 */
  readonly strangers?: number;
  /** Starts the program or several that share the work. */
  readonly start: () => readonly Child[];
  /** Whether all work is recorded; asked once all requests were made. */
  readonly isDrained: () => Promise<boolean>;
}

/**
 * Measures from outside, by the API's count, how fast a program sends `count` messages.
 *
 * @throws if the program ends, makes no progress, or makes more requests than there are messages.
 */
export async function measureDrain({
  api,
  count,
  strangers = 0,
  start,
  isDrained,
}: DrainOptions): Promise<Drain> {
  const before = await api.countServed();
  const children = start();
  try {
    const samples: Sample[] = [];
    let warmCpuSeconds: number | null = null;
    let progressedAtMs = performance.now();
    for (;;) {
      // Checked first: a program that ends during the query may have sent the rest by then.
      const hasEnded = children.some((child) => child.hasExited);
      const served = (await api.countServed()) - before;
      const atMs = performance.now();
      if (served > (samples.at(-1)?.served ?? 0)) progressedAtMs = atMs;
      samples.push({ atMs, served });
      if (served > count + strangers) throw new Error(`${served} requests for ${count} messages.`);
      if (served >= count && (await isDrained())) break;
      const output = (): string => children.map((child) => child.output).join("\n");
      if (served < count && hasEnded) {
        throw new Error(`It has ended at ${served} of ${count}:\n${output()}`);
      }
      if (atMs - progressedAtMs > stallDeadlineMs) {
        throw new Error(`It stands at ${served} of ${count}:\n${output()}`);
      }
      if (warmCpuSeconds === null && served >= count * warmUpShare) warmCpuSeconds = await cpuOfAll(children);
      await sleep(sampleEveryMs);
    }
    samples.push({ atMs: performance.now(), served: samples.at(-1)?.served ?? count });
    const cpuSeconds = (await cpuOfAll(children)) - (warmCpuSeconds ?? 0);
    const resident = await Promise.all(children.map(async (child) => child.residentMb()));
    return {
      count,
      samples,
      perSecond: rateBetween(samples, count * warmUpShare, Number.POSITIVE_INFINITY),
      cpuMicroseconds: (cpuSeconds / (count * (1 - warmUpShare))) * 1e6,
      residentMb: Math.max(...resident),
    };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

/** Messages a second between the moments at which two counts were reached. */
export function rateBetween(samples: readonly Sample[], from: number, to: number): number {
  const start = samples.find(({ served }) => served >= from);
  const end = samples.findLast(({ served }) => served <= to);
  if (start === undefined || end === undefined || end.atMs <= start.atMs) return Number.NaN;
  return ((end.served - start.served) / (end.atMs - start.atMs)) * 1000;
}

async function cpuOfAll(children: readonly Child[]): Promise<number> {
  const seconds = await Promise.all(children.map(cpuOf));
  return seconds.reduce((sum, each) => sum + each, 0);
}

/** A program that ended by itself reports with its last line. */
async function cpuOf(child: Child): Promise<number> {
  if (!child.hasExited) {
    const seconds = await child.cpuSeconds().catch(() => null);
    if (seconds !== null) return seconds;
  }
  const [, json = "{}"] = /^cpu (.*)$/m.exec(child.output) ?? [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by undici-alone.ts
  const { user = 0, system = 0 } = JSON.parse(json) as Partial<NodeJS.CpuUsage>;
  return (user + system) / 1e6;
}
