import { fillOutbox } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import type { Drain } from "../measure/drain.ts";
import { interleave, type Trial } from "../measure/interleave.ts";
import { execute } from "../stage/postgres.ts";
import { drainOutbox } from "./drain-outbox.ts";
import { rates } from "./drain.ts";
import type { Scenario } from "./scenario.ts";

const quietCampaign = 1;
const noisyCampaign = 2;

/** What stops or slows the noisy campaign. */
const holds = {
  paused: `select talkme.pause('campaign:${noisyCampaign}', 'benchmark')`,
  limited: `insert into talkme.campaign (account, id_campanha, name, rate_per_second) values ('default', ${noisyCampaign}, 'noisy', 1)`,
};

/** More rows of the limited campaign than can be sent in a run. */
const strangers = 1000;

export const noisyNeighbour: Scenario = {
  name: "noisy-neighbour",
  question: "Does a campaign that may not go, with a great backlog, cost another anything?",
  run: async (bench) => {
    const count = bench.size({ smoke: 200, short: 15_000, full: 50_000 });
    const waiting = bench.size({ smoke: 500, short: 60_000, full: 1_000_000 });
    const alone = await bench.template(syncd, async (url) =>
      fillOutbox(url, { count, firstCampaign: quietCampaign }),
    );
    const beside = await bench.template(syncd, async (url) => {
      await fillOutbox(url, { count: waiting, firstCampaign: noisyCampaign });
      await fillOutbox(url, { count, firstCampaign: quietCampaign });
    });
    const drain = async (url: string): Promise<Drain> =>
      drainOutbox(bench, { databaseUrl: url, count, lane: `default/${quietCampaign}/-`, strangers });
    const besideOne =
      (hold: string): Trial<Drain> =>
      async () =>
        bench.withCopy(beside, async ({ url }) => {
          await execute(url, hold);
          return drain(url);
        });
    const results = await interleave(
      bench.rounds,
      {
        alone: async () => bench.withCopy(alone, async ({ url }) => drain(url)),
        paused: besideOne(holds.paused),
        limited: besideOne(holds.limited),
      },
      (name, _, { perSecond }) => bench.log(`noisy-neighbour: ${name} ${perSecond.toFixed(0)}/s`),
    );
    const over = rates("alone", results.alone);
    const goal = { kind: "at least", limit: 0.95, aim: 1 } as const;
    return [
      {
        name: "noisy neighbour, paused",
        how: `a campaign of ${count} rows beside a paused one with ${waiting} due rows, over the first alone`,
        of: rates("beside", results.paused),
        over,
        goal,
      },
      {
        name: "noisy neighbour, limited",
        how: `a campaign of ${count} rows beside one that is limited to 1/s, with ${waiting} due rows, over the first alone`,
        of: rates("beside", results.limited),
        over,
        goal,
      },
    ];
  },
};
