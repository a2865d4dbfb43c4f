import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import { interleave } from "../measure/interleave.ts";
import { drainOutbox } from "./drain-outbox.ts";
import { rates } from "./drain.ts";
import type { Scenario } from "./scenario.ts";

export const history: Scenario = {
  name: "history",
  question: "Do years of finished rows slow the queue down?",
  run: async (bench) => {
    const count = bench.size({ smoke: 200, short: 15_000, full: 50_000 });
    const finished = bench.size({ smoke: 500, short: 150_000, full: 10_000_000 });
    const empty = await bench.template(syncd, async () => {});
    const old = await bench.template(syncd, async (url) =>
      fillOutbox(url, { count: finished, status: "sent" }),
    );
    // Copies of ten million rows would take longer than the runs: each round fills both databases again.
    const drain = async (url: string): ReturnType<typeof drainOutbox> => {
      await fillOutbox(url, { count });
      return drainOutbox(bench, { databaseUrl: url, count });
    };
    const results = await interleave(
      bench.rounds,
      { empty: async () => drain(empty.url), old: async () => drain(old.url) },
      (name, _, { perSecond }) => bench.log(`history: ${name} ${perSecond.toFixed(0)}/s`),
    );
    return [
      {
        name: "history",
        how: `${count} rows drained in a table with ${finished} finished rows and their attempts, over one without`,
        of: rates("with history", results.old),
        over: rates("without", results.empty),
        goal: { kind: "at least", limit: 0.9, aim: 1 },
      },
    ];
  },
};
