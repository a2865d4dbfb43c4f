import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { findClusterPrograms, ttlSeconds } from "@talkme/test-cluster";

import { drain } from "../database/drain.ts";
import { SeededRandom } from "../random/seeded-random.ts";
import { buildFailoverReport } from "./build-failover-report.ts";
import { ClusterServers } from "./cluster-servers.ts";
import { produceConfirmed } from "./confirmed-producer.ts";
import { FailoverDisturber, type DoneStrike } from "./failover-disturber.ts";
import { strikes } from "./failover-disturbance.ts";
import type { Entrance, FailoverReport } from "./failover-report.ts";
import { FailoverStage, type Durability } from "./failover-stage.ts";

export interface FailoverOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly instances: number;
  readonly durability: Durability;
  readonly entrance: Entrance;
  /** The folder for the log of each process; created if missing. */
  readonly logFolder: string | null;
  readonly onDone: (strike: DoneStrike) => void;
  readonly signal: AbortSignal;
}

const producers = 3;

/**
 * Runs instances of syncd on a cluster under Patroni whose leader is killed, frozen, cut off and switched over, lets them
 * finish in peace, and compares the table with what the API accepted. Leaves nothing running and nothing on disk.
 *
 * @throws if a program of the cluster cannot be had, or the cluster does not recover.
 */
export async function runFailover(options: FailoverOptions): Promise<FailoverReport> {
  const { seed, seconds, instances, durability, entrance, signal } = options;
  const random = new SeededRandom(seed);
  const programs = await findClusterPrograms();
  await using servers = await ClusterServers.start(programs, durability, entrance);
  signal.throwIfAborted();
  await using stage = await FailoverStage.open({ servers, durability, seed, instances });
  const disturber = new FailoverDisturber({
    cluster: servers.cluster,
    fleet: stage.fleet,
    accepted: () => stage.simulator.ledger.size,
    onDone: options.onDone,
  });

  const stop = new AbortController();
  const producing = Array.from({ length: producers }, (_, index) =>
    produceConfirmed(
      stage.producerParts(random.fork(`producer ${index}`)),
      AbortSignal.any([signal, stop.signal]),
    ),
  );
  let drainMs: number;
  try {
    await disturber.run(strikes(random.fork("strikes"), { instances, ttlSeconds }), seconds, signal);
    stop.abort();
    await Promise.all(producing);
    await stage.fleet.ready();
    drainMs = await drain(stage.connection, signal);
    await stage.fleet.close();
  } finally {
    stop.abort();
    await Promise.allSettled(producing);
    if (options.logFolder !== null) await writeLogs(stage, servers, disturber, options.logFolder);
  }
  // Before everything is disposed of: it asks the database.
  const run = { seed, seconds, instances, durability, entrance, drainMs };
  return await buildFailoverReport(run, stage, disturber);
}

async function writeLogs(
  { fleet, person, connection }: FailoverStage,
  { outputs }: ClusterServers,
  { done }: FailoverDisturber,
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const history = await connection.query(askForHistory).catch(String);
  const files = {
    "history.json": JSON.stringify(history, undefined, 2),
    "person.log": person.journal.join("\n"),
    "disturbances.json": JSON.stringify(done, undefined, 2),
    ...Object.fromEntries(fleet.histories.map(({ process }) => [`${process.pid}.log`, process.log])),
    ...Object.fromEntries(Object.entries(outputs).map(([name, output]) => [`${name}.log`, output])),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
}

const askForHistory =
  "select to_jsonb(h) as history, (select jsonb_agg(i) from talkme.instance as i) as instances from talkme.history as h";
