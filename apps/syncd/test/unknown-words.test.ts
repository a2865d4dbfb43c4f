import { expect, test } from "vitest";

import { configFile } from "./support/config-file.ts";
import { startScriptedApi } from "./support/scripted-api.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

const opened = "circuit opened: the account's rows wait";

test("an API that answers every row in unknown words gets five requests, and the row brings the rule that ends it", async () => {
  const stage = await Stage.open();
  const api = await startScriptedApi({}, { body: "Recebido: 5551234567" });
  await stage.insertMany(1, 200);
  await stage.insertMany(2, 200);
  const first = Syncd.run(stage.databaseUrl, api.url, { TALKME_CONCURRENCY: "64" });
  await first.logged(opened);
  await expect.poll(() => stage.count("status = 'sending'")).toBe(0);

  expect(api.numbers).toHaveLength(5);
  expect(await stage.count("status = 'pending' and attempts = 0")).toBe(395);
  const [row] = await stage.sql(
    "select error, error_code, response from talkme.outbox where status = 'unknown'",
  );
  expect(row).toMatchObject({ error_code: "response_unrecognized", response: "Recebido: 5551234567" });
  expect(row?.["error"]).toContain("(HTTP 200: Recebido: 5551234567)");
  expect(row?.["error"]).toContain("syncd try");
  first.signal("SIGTERM");
  await first.exit();

  // As it is copied from the row.
  const [, rule = ""] = /the rule is: (- \{.*?\}) If it is a refusal/.exec(String(row?.["error"])) ?? [];
  const settings = { TALKME_CONFIG: configFile(`response_rules:\n  ${rule}\n`), TALKME_CONCURRENCY: "64" };
  Syncd.run(stage.databaseUrl, api.url, settings);
  await stage.sql("select talkme.resume('account:default')");
  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 60_000 }).toBe(395);
});
