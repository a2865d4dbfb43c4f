import { setTimeout as sleep } from "node:timers/promises";

import { day, rowsOfDay, type Phase } from "./day.ts";
import { trendsOf, type Trend } from "./growth.ts";
import type { Measurement } from "./measurement.ts";
import { SoakStage } from "./soak-stage.ts";

export interface SoakOptions {
  readonly seconds: number;
  readonly daySeconds: number;
  readonly instances: number;
  /** Called after each day. */
  readonly onDay: (day: number, measurements: readonly Measurement[]) => void;
  /** Ends the run early; it then rejects. */
  readonly signal: AbortSignal;
}

export interface SoakReport {
  readonly days: number;
  readonly daySeconds: number;
  /** By instance, a measurement for each day. */
  readonly measurements: readonly (readonly Measurement[])[];
  readonly trends: readonly Trend[];
  readonly rows: Readonly<Record<string, number>>;
  readonly exitCodes: readonly (number | null)[];
  /** Problems; empty if nothing grows. */
  readonly problems: readonly string[];
}

/** What docs/operations.md promises of an instance: three pools of two, and one that listens. */
const mostConnections = 7;

const insertEveryMs = 250;
const drainDeadlineMs = 60_000;
/** The pools close a connection after an idle minute; in a shorter day all stay open. */
const settleMs = 1000;

/**
 * Runs instances of syncd through days, and measures their resources at the end of each.
 *
 * @throws Error if the run itself fails.
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { seconds, daySeconds, instances: count, signal, onDay } = options;
  const days = Math.floor(seconds / daySeconds);
  await using stage = await SoakStage.open(count);
  const { instances } = stage;
  const measurements: Measurement[][] = instances.map(() => []);
  const problems: string[] = [];
  let sentBefore = 0;
  for (let i = 1; i <= days; i += 1) {
    for (const phase of day) await live(stage, phase, daySeconds, signal);
    if (!(await drains(stage, signal))) problems.push(`day ${i}: rows were left when it was over`);
    const sent = (await stage.statuses())["sent"] ?? 0;
    const planned = rowsOfDay(daySeconds);
    if (sent - sentBefore < planned / 2) {
      problems.push(`day ${i}: ${sent - sentBefore} rows were sent, of ${planned}`);
    }
    sentBefore = sent;
    await sleep(settleMs, undefined, { signal });
    const ended = instances.findIndex(({ runs }) => !runs);
    if (ended !== -1) throw new Error(`Instance ${ended} ended by itself on day ${i}.`);
    const connections = await stage.connections();
    if (connections > mostConnections) problems.push(`day ${i}: ${connections} connections of each instance`);
    const today = await Promise.all(instances.map((instance) => instance.measure(connections)));
    today.forEach((measurement, at) => measurements[at]?.push(measurement));
    onDay(i, today);
  }
  const rows = await stage.statuses();
  const exitCodes = await Promise.all(instances.map((instance) => instance.stop()));
  exitCodes.forEach((code, at) => {
    if (code !== 0) problems.push(`instance ${at} ended with ${code}`);
  });
  const trends = measurements.flatMap((own, at) => trendsOf(at, own));
  for (const { instance, quantity, begin, end, grows } of trends) {
    if (grows) problems.push(`instance ${instance}: ${quantity} grows, from ${begin} to ${end}`);
  }
  return { days, daySeconds, measurements, trends, rows, exitCodes, problems };
}

async function live(stage: SoakStage, phase: Phase, daySeconds: number, signal: AbortSignal): Promise<void> {
  const startedAtMs = performance.now();
  const lastsMs = phase.share * daySeconds * 1000;
  // Waits for the database even if the part of the day is over.
  const troubling = stage.begin(phase.trouble);
  if (phase.burst > 0) await stage.insert(phase.burst, phase.trouble);
  // By elapsed time, so that a slow machine gets as many rows.
  for (let inserted = 0, passedMs = 0; passedMs < lastsMs;) {
    await sleep(insertEveryMs, undefined, { signal });
    passedMs = Math.min(lastsMs, performance.now() - startedAtMs);
    const rows = Math.floor((phase.rowsPerSecond * passedMs) / 1000) - inserted;
    if (rows > 0) await stage.insert(rows, phase.trouble);
    inserted += rows;
  }
  await troubling;
}

async function drains(stage: SoakStage, signal: AbortSignal): Promise<boolean> {
  const endMs = performance.now() + drainDeadlineMs;
  while (performance.now() < endMs) {
    if ((await stage.unfinished()) === 0) return true;
    await sleep(insertEveryMs, undefined, { signal });
  }
  return false;
}
