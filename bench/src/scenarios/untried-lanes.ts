import { fillOutbox, forgetLanes } from "../contenders/fill-outbox.ts";
import { syncd } from "../contenders/syncd.ts";
import { measureDrain, type Drain } from "../measure/drain.ts";
import { interleave } from "../measure/interleave.ts";
import type { Bench } from "../stage/bench-stage.ts";
import { startSyncd } from "../stage/node-child.ts";
import { rates } from "./drain.ts";
import type { Scenario } from "./scenario.ts";

/** Campaigns of one row each, which the API has never answered: each is a trial, and trials go one by one. */
export const untriedLanes: Scenario = {
  name: "untried-lanes",
  question: "Do ten times as many new campaigns slow the trials of each?",
  run: async (bench) => {
    const few = bench.size({ smoke: 100, short: 2000, full: 2000 });
    const many = bench.size({ smoke: 200, short: 20_000, full: 20_000 });
    const count = bench.size({ smoke: 30, short: 300, full: 1000 });
    const trial = async (campaigns: number): Promise<() => Promise<Drain>> => {
      const template = await bench.template(syncd, async (url) => {
        await fillOutbox(url, { count: campaigns, campaigns });
        await forgetLanes(url);
      });
      return async () =>
        bench.withCopy(template, async ({ url }) => measureFirst(bench, url, count, campaigns));
    };
    const results = await interleave(
      bench.rounds,
      { few: await trial(few), many: await trial(many) },
      (name, _, { perSecond }) => bench.log(`untried-lanes: ${name} ${perSecond.toFixed(1)}/s`),
    );
    return [
      {
        name: "untried lanes",
        how: `the first ${count} of ${many} rows, each of another new campaign, over those of ${few}`,
        of: rates(`${many} new campaigns`, results.many),
        over: rates(`${few} new campaigns`, results.few),
        goal: { kind: "at least", limit: 0.5, aim: 1 },
      },
    ];
  },
};

/** Stops the daemon after `count` messages, and leaves the rest. */
async function measureFirst(
  { api, concurrency }: Bench,
  databaseUrl: string,
  count: number,
  campaigns: number,
): Promise<Drain> {
  return measureDrain({
    api,
    count,
    strangers: campaigns - count,
    start: () => [startSyncd({ databaseUrl, apiUrl: api.url, concurrency })],
    isDrained: async () => true,
  });
}
