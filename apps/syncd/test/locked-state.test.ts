import { expect, test } from "vitest";

import { lockWith } from "./support/locks.ts";
import { readiness } from "./support/own-server.ts";
import { Stage } from "./support/stage.ts";

test.each(["circuit", "lane", "instance"])(
  "while rows of talkme.%s are locked, a campaign known to work goes on",
  { timeout: 90_000 },
  async (table) => {
    const stage = await Stage.open();
    stage.run({ TALKME_LEASE_SECONDS: "60" });
    await stage.insertMany(1, 3);
    await expect.poll(() => stage.count("status = 'sent'"), { timeout: 30_000 }).toBe(3);
    const lock = await lockWith(stage, `select from talkme.${table} for update`);

    // A campaign not yet known to work is tried once the lock is released.
    await stage.insertMany(2, 3);
    await stage.insertMany(1, 40);
    await expect.poll(() => stage.count("id_campanha = 1 and status = 'sent'"), { timeout: 20_000 }).toBe(43);

    await lock.release();
    await expect.poll(() => stage.count("status = 'sent'"), { timeout: 30_000 }).toBe(46);
    expect(stage.simulator.requests).toBe(46);
  },
);

test(
  "while a campaign's rate is locked, others go on, and health says what its rows wait for",
  { timeout: 90_000 },
  async () => {
    const stage = await Stage.open();
    await stage.sql(
      "insert into talkme.campaign (id_campanha, name, rate_per_second) values (2, 'slow', 100)",
    );
    const syncd = stage.run({ TALKME_LEASE_SECONDS: "60" });
    await stage.insertMany(1, 3);
    await stage.insertMany(2, 3);
    await expect.poll(() => stage.count("status = 'sent'"), { timeout: 30_000 }).toBe(6);
    const lock = await lockWith(stage, "select from talkme.pace for update");

    await stage.insertMany(2, 40);
    await expect
      .poll(() => readiness(syncd), { timeout: 20_000 })
      .toMatchObject({ reasons: expect.stringContaining("talkme.pace (campaign:2)") });
    await stage.insertMany(1, 40);
    await expect.poll(() => stage.count("id_campanha = 1 and status = 'sent'"), { timeout: 20_000 }).toBe(43);
    // The times that were reserved before, which expire, may be used.
    expect(await stage.count("id_campanha = 2 and status = 'sent'")).toBeLessThan(13);

    await lock.release();
    await expect.poll(() => stage.count("status = 'sent'"), { timeout: 30_000 }).toBe(86);
    expect(stage.simulator.requests).toBe(86);
  },
);
