import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import type { Drain } from "../measure/drain.ts";
import { interleave } from "../measure/interleave.ts";
import { execute } from "../stage/postgres.ts";
import { drainOutbox } from "./drain-outbox.ts";
import { rates } from "./drain.ts";
import type { Scenario } from "./scenario.ts";

const quietCampaign = 1;
const noisyCampaign = 2;

const pause = `select talkme.pause('campaign:${noisyCampaign}', 'benchmark')`;

export const noisyNeighbour: Scenario = {
  name: "noisy-neighbour",
  question: "Does a campaign that may not go, with a great backlog, cost another anything?",
  run: async (bench) => {
    const count = bench.size({ smoke: 200, short: 30_000, full: 50_000 });
    const waiting = bench.size({ smoke: 500, short: 150_000, full: 1_000_000 });
    const alone = await bench.template(syncd, async (url) =>
      fillOutbox(url, { count, firstCampaign: quietCampaign }),
    );
    const beside = await bench.template(syncd, async (url) => {
      await fillOutbox(url, { count: waiting, firstCampaign: noisyCampaign });
      await fillOutbox(url, { count, firstCampaign: quietCampaign });
    });
    const drain = async (url: string): Promise<Drain> =>
      drainOutbox(bench, { databaseUrl: url, count, lane: `default/${quietCampaign}/-` });
    const results = await interleave(
      bench.rounds,
      {
        alone: async () => bench.withCopy(alone, async ({ url }) => drain(url)),
        paused: async () =>
          bench.withCopy(beside, async ({ url }) => {
            await execute(url, pause);
            return drain(url);
          }),
      },
      (name, _, { perSecond }) => bench.log(`noisy-neighbour: ${name} ${perSecond.toFixed(0)}/s`),
    );
    return [
      {
        name: "noisy neighbour",
        how: `a campaign of ${count} rows beside a paused one with ${waiting} due rows, over the first alone`,
        of: rates("beside", results.paused),
        over: rates("alone", results.alone),
        goal: { kind: "at least", limit: 0.95, aim: 1 },
      },
    ];
  },
};
