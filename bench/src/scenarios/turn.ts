import type { OutboxDatabase } from "@talkme/outbox";
import {
  registerInstance,
  settleAndClaim,
  type ClaimedRow,
  type LaneClaim,
  type Settlement,
} from "@talkme/outbox/daemon";
import { Kysely, PostgresDialect } from "kysely";
import { Client, Pool } from "pg";

import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import { interleave } from "../measure/interleave.ts";
import type { Series } from "../measure/ratio.ts";
import { infoContato, numeroDest } from "../message.ts";
import { cpuSecondsOf } from "../stage/cpu-seconds.ts";
import type { Scenario } from "./scenario.ts";

const instance = "bench";
const largeTurn = 32;

/** So much of every run is not counted. */
const warmUpShare = 0.2;

export const turn: Scenario = {
  name: "turn",
  question: "What do the daemon's statement and a producer's insert cost the server, without anything else?",
  run: async (bench) => {
    const rows = bench.size({ smoke: 64, short: 16_000, full: 100_000 });
    const singles = bench.size({ smoke: 20, short: 2000, full: 10_000 });
    const due = await bench.template(syncd, async (url) => fillOutbox(url, { count: rows }));
    const empty = await bench.template(syncd, async () => {});
    const results = await interleave(
      bench.rounds,
      {
        large: async () => bench.withCopy(due, async ({ url }) => measureTurns(url, largeTurn, rows)),
        single: async () => bench.withCopy(due, async ({ url }) => measureTurns(url, 1, singles)),
        insert: async () => bench.withCopy(empty, async ({ url }) => measureInserts(url, singles)),
      },
      (name, _, microseconds) => bench.log(`turn: ${name} ${microseconds.toFixed(0)} µs`),
    );
    const how =
      "processor time of the server's process: claimed, settled and recorded, without HTTP, and not prepared";
    return [
      {
        name: `turns of ${largeTurn} rows`,
        how: `${rows} rows, of one row the ${how}`,
        of: series("a row", results.large),
        over: null,
        goal: null,
      },
      {
        name: "turns of one row",
        how: `${singles} rows, the same`,
        of: series("a row", results.single),
        over: null,
        goal: null,
      },
      {
        name: "inserts",
        how: `${singles} rows in statements of their own, with all checks`,
        of: series("an insert", results.insert),
        over: null,
        goal: null,
      },
    ];
  },
};

/** @returns Microseconds of the server's processor time for each row. */
async function measureTurns(databaseUrl: string, batch: number, count: number): Promise<number> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  pool.on("error", () => "A connection that is being closed may hear that its database is dropped.");
  const db = new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
  try {
    await registerInstance(db, { name: instance, version: "0", host: "bench", pid: 1, leaseSeconds: 3600 });
    const { rows: backends } = await pool.query<{ pid: number }>("select pg_backend_pid() as pid");
    let held: readonly ClaimedRow[] = [];
    let after: LaneClaim["after"] = null;
    return await perRow(backends[0]?.pid, count, async () => {
      const wish: LaneClaim = { ...laneOfTheBench, after, limit: batch };
      ({ claimed: held } = await settleAndClaim(db, instance, held.map(accepted), [wish], batch));
      const last = held.toSorted((a, b) => a.dueAtUs - b.dueAtUs).at(-1);
      if (last === undefined) throw new Error("Nothing was left to claim.");
      after = { dueAtUs: last.dueAtUs, id: last.id };
      return held.length;
    });
  } finally {
    await db.destroy();
  }
}

async function measureInserts(databaseUrl: string, count: number): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows: backends } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    return await perRow(backends[0]?.pid, count, async () => {
      await client.query(
        "insert into talkme.outbox (numero_dest, id_campanha, info_contato) values ($1, 1, $2)",
        [numeroDest, infoContato],
      );
      return 1;
    });
  } finally {
    await client.end();
  }
}

/** Does some work until so many rows are done, and says what one of them has cost the process. */
async function perRow(pid: number | undefined, count: number, work: () => Promise<number>): Promise<number> {
  let done = 0;
  let warm: { readonly seconds: number; readonly done: number } | null = null;
  while (done < count) {
    if (warm === null && done >= count * warmUpShare)
      warm = { seconds: await cpuSecondsOf(pid ?? Number.NaN), done };
    done += await work();
  }
  const seconds = (await cpuSecondsOf(pid ?? Number.NaN)) - (warm?.seconds ?? 0);
  return (seconds / (done - (warm?.done ?? 0))) * 1e6;
}

const laneOfTheBench: Omit<LaneClaim, "after" | "limit"> = {
  lane: "default/1/-",
  priority: 0,
  account: "default",
  alarms: 0,
  trial: false,
  guarded: false,
  scan: 0,
  rules: null,
};

/** As after an answer of the API. */
function accepted(row: ClaimedRow): Settlement {
  return {
    id: row.id,
    fence: row.fence,
    claimedBy: instance,
    status: "sent",
    retryInMs: null,
    refundAttempt: false,
    httpStatus: 200,
    reference: "100000000001",
    response: "100000000001",
    errorCode: null,
    error: null,
    attempt: { account: row.account, action: "v2", outcome: "accepted", ageMs: 3, durationMs: 3 },
  };
}

function series(label: string, values: readonly number[]): Series {
  return { label, unit: "µs", values };
}
