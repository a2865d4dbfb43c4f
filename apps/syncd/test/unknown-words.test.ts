import { expect, test } from "vitest";

import { configFile } from "./support/config-file.ts";
import { startScriptedApi } from "./support/scripted-api.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

const opened = "circuit opened: the account's rows wait";

test("an API that answers every row in unknown words gets five requests, and the row proposes the rule that ends this", async () => {
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

  // Copied from the row.
  const [, rule = ""] = /the rule is: (- \{.*?\}) If it is a refusal/.exec(String(row?.["error"])) ?? [];
  const settings = { TALKME_CONFIG: configFile(`response_rules:\n  ${rule}\n`), TALKME_CONCURRENCY: "64" };
  Syncd.run(stage.databaseUrl, api.url, settings);
  await stage.sql("select talkme.resume('account:default')");
  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 60_000 }).toBe(395);
});

test("a campaign answered in unknown words waits after a handful, and others go on", async () => {
  const stage = await Stage.open();
  const api = await startScriptedApi({}, (query) => ({
    body: query.get("id_campanha") === "9" ? "Campanha parada" : "Inserido com sucesso",
  }));
  await stage.insertMany(9, 500);
  await stage.insertMany(1, 1500);
  const syncd = Syncd.run(stage.databaseUrl, api.url, { TALKME_CONCURRENCY: "16" });

  await expect.poll(() => stage.count("id_campanha = 1 and status = 'sent'"), { timeout: 60_000 }).toBe(1500);
  await syncd.logged("no response rule knows the answers to this campaign or channel: its rows wait");

  expect(await stage.count("id_campanha = 9 and status = 'sent'")).toBe(0);
  expect(await stage.count("id_campanha = 9 and status = 'unknown'")).toBeLessThan(12);
  const [row] = await stage.sql(
    "select talkme.explain(id) as said from talkme.outbox where id_campanha = 9 and status = 'pending' limit 1",
  );
  expect(row?.["said"]).toMatch(/words that no response rule knows|circuit/);
});

test("a working campaign that meets unknown words stops with what is on the wire", async () => {
  const stage = await Stage.open();
  let isParada = false;
  const api = await startScriptedApi({}, (query) => ({
    body: isParada && query.get("id_campanha") === "9" ? "Campanha parada" : "1",
  }));
  await stage.insertMany(9, 300);
  await stage.insertMany(1, 300);
  const syncd = Syncd.run(stage.databaseUrl, api.url, { TALKME_CONCURRENCY: "8" });
  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 60_000 }).toBe(600);

  isParada = true;
  await stage.insertMany(9, 500);
  await stage.insertMany(1, 500);
  await syncd.logged("no response rule knows the answers to this campaign or channel: its rows wait");
  await expect.poll(() => stage.count("id_campanha = 1 and status = 'sent'"), { timeout: 60_000 }).toBe(800);
  // Five in a row, plus what was on the wire or in the current statement.
  expect(await stage.count("id_campanha = 9 and status = 'unknown'")).toBeLessThan(5 + 2 * 8 + 5);
});
