import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import { interleave } from "../measure/interleave.ts";
import { withClient } from "../stage/postgres.ts";
import { drainOutbox } from "./drain-outbox.ts";
import { rates } from "./drain.ts";
import type { Scenario } from "./scenario.ts";

export const oldSnapshot: Scenario = {
  name: "old-snapshot",
  question: "Does a transaction that somebody leaves open slow the queue down?",
  run: async (bench) => {
    const count = bench.size({ smoke: 300, short: 20_000, full: 300_000 });
    const template = await bench.template(syncd, async (url) => fillOutbox(url, { count }));
    const drain = async (url: string): ReturnType<typeof drainOutbox> =>
      drainOutbox(bench, { databaseUrl: url, count });
    const results = await interleave(
      bench.rounds,
      {
        without: async () => bench.withCopy(template, async ({ url }) => drain(url)),
        beside: async () =>
          bench.withCopy(template, async ({ url }) =>
            withClient(url, async (client) => {
              await client.query("begin isolation level repeatable read");
              await client.query("select count(*) from talkme.outbox");
              return drain(url);
            }),
          ),
      },
      (name, _, { perSecond }) => bench.log(`old-snapshot: ${name} ${perSecond.toFixed(0)}/s`),
    );
    return [
      {
        name: "old snapshot",
        how: `${count} rows drained while a repeatable-read transaction stays open, over the same without`,
        of: rates("beside it", results.beside),
        over: rates("without it", results.without),
        goal: { kind: "at least", limit: 0.95, aim: 1 },
      },
    ];
  },
};
