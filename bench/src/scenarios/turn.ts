import { registerInstance, settleAndClaim, type ClaimedRow, type LaneClaim } from "@talkme/outbox/daemon";
import { CompiledQuery } from "kysely";

import { fillOutbox } from "../contenders/fill-outbox.ts";
import { insertMessage } from "../contenders/insert-message.ts";
import { syncd } from "../contenders/syncd.ts";
import { withOutbox } from "../contenders/with-outbox.ts";
import { interleave } from "../measure/interleave.ts";
import type { Series } from "../measure/ratio.ts";
import { infoContato } from "../message.ts";
import { cpuSecondsOf } from "../stage/cpu-seconds.ts";
import { withClient } from "../stage/postgres.ts";
import type { Scenario } from "./scenario.ts";
import { accepted, laneOfTheBench } from "./turn-of-the-bench.ts";

const instance = "bench";
const largeTurn = 32;

/** The server's process behind a connection. */
interface Backend {
  readonly pid: number;
}
const backendText = "select pg_backend_pid() as pid";

/** The share of every run that is not counted. */
const warmUpShare = 0.2;

export const turn: Scenario = {
  name: "turn",
  question: "What do the daemon's statement and a producer's insert alone cost the server?",
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
  return withOutbox(databaseUrl, async (db) => {
    await registerInstance(db, { name: instance, version: "0", host: "bench", pid: 1, leaseSeconds: 3600 });
    const { rows } = await db.executeQuery<Backend>(CompiledQuery.raw(backendText));
    let held: readonly ClaimedRow[] = [];
    let after: LaneClaim["after"] = null;
    return perRow(rows, count, async () => {
      const wish: LaneClaim = { ...laneOfTheBench, after, limit: batch };
      ({ claimed: held } = await settleAndClaim(
        db,
        instance,
        held.map((row) => accepted(row, instance)),
        [wish],
        batch,
      ));
      const last = held.toSorted((a, b) => Number(a.dueAtUs) - Number(b.dueAtUs)).at(-1);
      if (last === undefined) throw new Error("Nothing was left to claim.");
      after = { dueAtUs: last.dueAtUs, id: last.id };
      return held.length;
    });
  });
}

async function measureInserts(databaseUrl: string, count: number): Promise<number> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<Backend>(backendText);
    return perRow(rows, count, async () => {
      await insertMessage(client, infoContato);
      return 1;
    });
  });
}

/** Works until enough rows are done, and returns the processor time of one. */
async function perRow(
  [backend]: readonly Backend[],
  count: number,
  work: () => Promise<number>,
): Promise<number> {
  const cpuSeconds = async (): Promise<number> => cpuSecondsOf(backend?.pid ?? Number.NaN);
  let done = 0;
  let warm: { readonly seconds: number; readonly done: number } | null = null;
  while (done < count) {
    if (warm === null && done >= count * warmUpShare) warm = { seconds: await cpuSeconds(), done };
    done += await work();
  }
  const seconds = (await cpuSeconds()) - (warm?.seconds ?? 0);
  return (seconds / (done - (warm?.done ?? 0))) * 1e6;
}

function series(label: string, values: readonly number[]): Series {
  return { label, unit: "µs", values };
}
