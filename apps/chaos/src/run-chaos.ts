import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { calmRules } from "./api/api-rules.ts";
import { gatherEvidence } from "./audit/gather-evidence.ts";
import { buildReport } from "./build-report.ts";
import type { Connection } from "./database/connection.ts";
import { drain } from "./database/drain.ts";
import { Disturber } from "./disturb/disturber.ts";
import { produce } from "./producer/producer.ts";
import { SeededRandom } from "./random/seeded-random.ts";
import type { ChaosReport } from "./report.ts";
import type { Fleet } from "./process/fleet.ts";
import { leaseSeconds } from "./process/daemon-settings.ts";
import { schedule } from "./schedule/schedule.ts";
import { Stage } from "./stage.ts";

export interface ChaosOptions {
  /** A 32-bit integer that decides every fault and disturbance, and their order. */
  readonly seed: number;
  /** How long faults go on, without starting and draining. */
  readonly seconds: number;
  /** @default 3 */
  readonly instances?: number;
  /** Further variables of the daemon, or other values. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Further harm to the database, until the signal is aborted when nothing is left to send. */
  readonly interfere?: (connection: Connection, stop: AbortSignal) => Promise<void>;
  /** The folder for the log of each process and the list of disturbances; it exists. @default none */
  readonly logFolder?: string | null;
  /** Ends the run early; it then rejects. */
  readonly signal?: AbortSignal;
}

const producers = 3;

/**
 * Runs instances of syncd under faults, lets them finish in peace, and compares the table with what the API accepted.
 * Leaves nothing running and nothing on disk.
 *
 * @throws if the scenario itself fails, for example if a process or a server does not start.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, seconds, instances = 3, settings = {} } = options;
  const { signal = new AbortController().signal } = options;
  const random = new SeededRandom(seed);
  await using stage = await Stage.open({ seed, instances, settings, signal });
  const disturber = new Disturber(stage);

  const stop = new AbortController();
  const storm = AbortSignal.any([signal, stop.signal]);
  const scheduled = schedule(random.fork("schedule"), { seconds, instances, leaseSeconds });
  const disturbing = disturber.run(scheduled, storm);
  const work = [
    disturbing,
    ...Array.from({ length: producers }, (_, index) =>
      produce(stage.producerParts(random.fork(`producer ${index}`)), storm),
    ),
  ];
  const finished = new AbortController();
  const interfering = options.interfere?.(stage.connection, AbortSignal.any([signal, finished.signal]));
  interfering?.catch(() => "It is thrown where it is awaited.");
  let drainMs: number;
  try {
    const time = Promise.all([sleep(seconds * 1000, undefined, { signal }), disturbing]);
    await Promise.all([time.finally(() => stop.abort()), ...work]);

    stage.simulator.setFaults(calmRules);
    stage.simulator.unlock();
    await stage.fleet.ready();
    drainMs = await drain(stage.connection, signal);
    finished.abort();
    await interfering;
    await drain(stage.connection, signal);
    await stage.fleet.close();
  } finally {
    // On every way out: nothing may still be working during the teardown.
    stop.abort();
    finished.abort();
    await Promise.allSettled([...work, interfering]);
  }

  if (options.logFolder !== undefined && options.logFolder !== null) {
    await writeLogs(stage.fleet, disturber, options.logFolder);
  }
  const evidence = await gatherEvidence(stage);
  return buildReport({ seed, seconds, instances, drainMs, stage, disturber, evidence });
}

async function writeLogs({ histories }: Fleet, { journal }: Disturber, folder: string): Promise<void> {
  await writeFile(join(folder, "disturbances.log"), journal.map((line) => `${line}\n`).join(""));
  for (const { process } of histories) await writeFile(join(folder, `${process.pid}.log`), process.log);
}
