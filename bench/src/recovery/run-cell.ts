import { setTimeout as sleep } from "node:timers/promises";

import { startSimulator } from "@talkme/simulator";
import { asMember, type PostgresServer } from "@talkme/test-postgres";

import { account } from "../message.ts";
import { auditOf, type Audit } from "./audit.ts";
import type { Disturbance } from "./disturb/disturbance.ts";
import type { DisturbedQueue } from "./disturbed-queue.ts";
import { recoveryOf, type Recovery } from "./recovery-time.ts";
import { Supervisor } from "./supervisor.ts";

export interface CellOptions {
  readonly server: PostgresServer;
  /** A superuser's, of a database with `count` jobs. */
  readonly url: string;
  readonly queue: DisturbedQueue;
  readonly disturbance: Disturbance;
  readonly count: number;
  readonly concurrency: number;
  readonly disturbanceMs: number;
  /** How long after the disturbance jobs may stand still before they are left alone. */
  readonly patienceMs: number;
}

/** One queue under one disturbance. */
export interface Cell extends Audit, Recovery {
  /** How often its process ended without being killed, and was started again. */
  readonly endedByItself: number;
}

/** The time that an answer takes: a kill then hits as many requests on the wire as the queue may have. */
const latency = { kind: "latency", ms: 60, jitterMs: 80 } as const;

/** The share of the jobs that is sent in peace, before the disturbance. */
const peacefulShare = 0.3;
const lookEveryMs = 500;
const peaceDeadlineMs = 60_000;

/** Lets a queue send its jobs, disturbs it on the way, and compares its table with what the receiver accepted. */
export async function runCell(options: CellOptions): Promise<Cell> {
  const { server, url, queue, disturbance, count, concurrency, disturbanceMs: ms } = options;
  await using receiver = await startSimulator({ accounts: [account], faults: [{ do: latency }] });
  const { ledger } = receiver;
  const work = { databaseUrl: asMember(url, queue.login, queue.login), apiUrl: receiver.url, concurrency };
  await using supervisor = new Supervisor(
    () => queue.start(work),
    async () => queue.afterDeath(url),
  );
  await supervisor.ready();
  await reach(() => ledger.size >= count * peacefulShare, supervisor);

  const beganAtMs = Date.now();
  await disturbance.strike({ server, url, login: queue.login, supervisor, ms });
  const endedAtMs = Date.now();
  const fates = await settled(options, () => ledger.size);
  const entries = ledger.entries();
  return {
    ...auditOf(
      count,
      fates,
      entries.map(({ infoContato }) => Number(infoContato?.["geral1"])),
    ),
    ...recoveryOf(
      entries.map(({ receivedAt }) => Date.parse(receivedAt)),
      { beganAtMs, endedAtMs },
    ),
    endedByItself: supervisor.endedByItself,
  };
}

async function reach(isReached: () => boolean, supervisor: Supervisor): Promise<void> {
  const endMs = performance.now() + peaceDeadlineMs;
  while (!isReached()) {
    if (performance.now() > endMs)
      throw new Error(`It did not send in peace what it should:\n${supervisor.output}`);
    await sleep(20);
  }
}

/** Waits until no job waits, or nothing has moved for a while. */
async function settled(
  { queue, url, patienceMs }: CellOptions,
  accepted: () => number,
): Promise<Awaited<ReturnType<DisturbedQueue["fates"]>>> {
  let before = "";
  let movedAtMs = performance.now();
  for (;;) {
    const fates = await queue.fates(url);
    const waiting = [...fates.values()].filter((fate) => fate === "waiting").length;
    const now = `${waiting} ${accepted()}`;
    if (now !== before) movedAtMs = performance.now();
    before = now;
    if (waiting === 0 || performance.now() - movedAtMs > patienceMs) return fates;
    await sleep(lookEveryMs);
  }
}
