import { describe, expect, test } from "vitest";

import { aSecond } from "./support/a-second.ts";
import { Stage } from "./support/stage.ts";

const notFound = { kind: "failure", shape: "not-found" } as const;
const hang = { kind: "hang", when: "before" } as const;

/** Inserts a row for each campaign in one statement. */
async function insertOneEach(stage: Stage, campaigns: readonly number[]): Promise<void> {
  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha)
    select '119' || lpad((80000000 + c)::text, 8, '0'), c from unnest(array[${campaigns.join(",")}]) as c`);
}

/** How long the rows of these campaigns have waited for their requests, in milliseconds. */
async function waits(stage: Stage, campaigns: string): Promise<{ median: number; longest: number }> {
  const [row] = await stage.sql(`
    select
      extract(epoch from percentile_cont(0.5) within group (order by claimed_at - due_at)) * 1000 as median,
      extract(epoch from max(claimed_at - due_at)) * 1000 as longest
    from talkme.outbox where ${campaigns}`);
  return { median: Number(row?.["median"]), longest: Number(row?.["longest"]) };
}

describe("a campaign whose requests hang", () => {
  test.each([[[2]], [[2, 3, 4]]])(
    "delays no other by more than a second, proven or not: %j",
    async (hanging) => {
      const stage = await Stage.open();
      stage.faults({ match: { idCampanha: hanging }, do: hang });
      const syncd = stage.run();
      await stage.reaches(await stage.insert("11988887777"), "sent");
      const limitMs = await aSecond(stage);

      for (const campaign of hanging) await stage.insertMany(campaign, 5);
      await expect.poll(() => stage.count("status = 'sending'")).toBeGreaterThan(0);
      await insertOneEach(stage, [501, 502, 503, 504, 505]);
      await expect
        .poll(() => stage.count("id_campanha > 100 and status = 'sent'"), { timeout: 60_000 })
        .toBe(5);

      const { median, longest } = await waits(stage, "id_campanha > 100");
      expect(median).toBeLessThan(limitMs);
      expect(longest).toBeLessThan(2 * limitMs);
      expect(syncd.log.some(({ msg }) => msg.startsWith("circuit opened"))).toBe(false);
    },
    90_000,
  );

  test("keeps one slot after its first requests time out, if it once worked", async () => {
    const stage = await Stage.open();
    stage.faults({ match: { idCampanha: 11 }, do: hang });
    stage.run({ TALKME_CONCURRENCY: "4", TALKME_REQUEST_TIMEOUT_MS: "1500" });
    await stage.sql(
      "insert into talkme.lane (lane, account, accepted_at) values ('default/11/-', 'default', now())",
    );
    await stage.insertMany(11, 60);
    await expect.poll(() => stage.count("status = 'unknown'"), { timeout: 30_000 }).toBe(4);

    await stage.insertMany(1, 200);
    await expect.poll(() => stage.count("id_campanha = 1 and status = 'sent'")).toBe(200);
    expect(await stage.count("id_campanha = 11 and status = 'sending'")).toBeLessThanOrEqual(1);
    // Each of its rows costs a person a look, so they are not used up one after the other.
    expect(await stage.count("id_campanha = 11 and status = 'unknown'")).toBeLessThan(7);
  });

  test("opens no circuit, even beside a campaign that does not exist", async () => {
    const stage = await Stage.open();
    stage.faults({ match: { idCampanha: 11 }, do: hang }, { match: { idCampanha: 12 }, do: notFound });
    const syncd = stage.run({ TALKME_REQUEST_TIMEOUT_MS: "2000" });
    await stage.reaches(await stage.insert("11988887777"), "sent");
    await stage.insertMany(11, 3);
    await expect.poll(() => stage.count("id_campanha = 11 and status = 'sending'")).toBe(1);
    await stage.insertMany(12, 1);
    await insertOneEach(stage, [101, 102, 103]);

    await expect.poll(() => stage.count("id_campanha > 100 and status = 'sent'")).toBe(3);
    await expect.poll(() => stage.count("id_campanha = 11 and status = 'unknown'")).toBeGreaterThan(0);
    expect(syncd.log.some(({ msg }) => msg.startsWith("circuit opened"))).toBe(false);
  });
});

describe("404 for everything: the third in a row locks the token, so", () => {
  test.each([0, 300, 1500])(
    "two instances with fifty campaigns make two requests, even when an answer takes %d ms",
    async (ms) => {
      const stage = await Stage.open();
      stage.faults({ do: { kind: "latency", ms } }, { do: notFound });
      await insertOneEach(
        stage,
        Array.from({ length: 50 }, (_, i) => 101 + i),
      );
      const instances = [1, 2].map(() => stage.run({ TALKME_CONCURRENCY: "64" }));

      await Promise.all(instances.map((syncd) => syncd.logged("circuit opened: the account's rows wait")));

      await expect.poll(() => stage.count("status = 'failed'")).toBe(2);
      expect(stage.simulator.requests).toBe(2);
      expect(stage.simulator.statistics().lockedAccounts).toEqual([]);
    },
  );

  test("two campaigns that hang and then are not found lock nothing", async () => {
    const stage = await Stage.open();
    stage.faults(
      { match: { idCampanha: [11, 12] }, do: { kind: "latency", ms: 2000 } },
      { match: { idCampanha: [11, 12, 13] }, do: notFound },
    );
    stage.run();
    for (const campaign of [11, 12, 13]) await stage.insertMany(campaign, 5);
    await expect.poll(() => stage.count("status = 'failed'"), { timeout: 30_000 }).toBe(2);
    await expect.poll(() => stage.count("status = 'sending'")).toBe(0);
    expect(stage.simulator.statistics().lockedAccounts).toEqual([]);
  });
});
