import { expect, test } from "vitest";

import { readiness } from "./support/own-server.ts";
import { Stage } from "./support/stage.ts";

const patience = { timeout: 60_000, interval: 50 };

test("an instance that waits for no standby sends nothing where a standby confirms every claim, until a person allows it", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await expect.poll(() => readiness(syncd), patience).toMatchObject({ status: 200 });
  await stage.sql("update talkme.history set claim_durability = 'standby'");
  await stage.insert("11988887777");
  await expect
    .poll(() => readiness(syncd), patience)
    .toMatchObject({
      status: 503,
      reasons: expect.stringContaining("select talkme.allow_local_claims('why')"),
    });
  expect(await stage.count("status = 'pending'")).toBe(1);

  await stage.sql("select talkme.allow_local_claims('the standby is gone for good')");
  await expect.poll(() => stage.count("status = 'sent'"), patience).toBe(1);
  await expect.poll(() => readiness(syncd), patience).toMatchObject({ status: 200 });
});
