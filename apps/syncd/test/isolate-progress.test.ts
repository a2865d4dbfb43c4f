import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";

import { Database } from "../src/database/database.ts";
import { Metrics } from "../src/metrics/metrics.ts";
import { Health } from "../src/operation/health.ts";
import { isolate } from "../src/pipeline/isolate.ts";
import { Settler } from "../src/pipeline/settler.ts";
import { asDaemon } from "./support/daemon-login.ts";
import { Stage } from "./support/stage.ts";

test("answers that are written one by one are progress, however long all of them take together", async () => {
  const stage = await Stage.open();
  await stage.insertMany(1, 6);
  await stage.sql(`
    insert into talkme.instance (name, version, host, pid, lease_seconds) values ('me', '1', 'here', 1, 30);
    update talkme.outbox set status = 'sending', attempts = 1, fence = 1, claim = 1, claimed_by = 'me', claimed_at = now();
    create function public.dawdle() returns trigger language plpgsql as $$
      begin perform pg_sleep(0.5); return new; end $$;
    create trigger dawdle before update on talkme.outbox for each row execute function public.dawdle();`);
  const settler = new Settler();
  const rows = await stage.sql(
    "select id::text, talkme.seal(numero_dest, email_dest) as seal from talkme.outbox",
  );
  for (const { id, seal } of rows) {
    settler.add({
      id: String(id),
      claim: 1,
      fence: 1,
      seal: Number(seal),
      claimedBy: "me",
      status: "sent",
      retryInMs: null,
      refundAttempt: false,
      httpStatus: 200,
      reference: null,
      response: null,
      errorCode: null,
      error: null,
      attempt: null,
    });
  }
  const database = new Database(asDaemon(stage.databaseUrl), () => {});
  onTestFinished(() => database.close());
  const longestTurnMs = 2500;
  const health = new Health(longestTurnMs);
  const seen: boolean[] = [];
  const watching = setInterval(() => seen.push(health.live().ok), 20);
  onTestFinished(() => clearInterval(watching));

  const startedAtMs = performance.now();
  const parts = { database, settler, metrics: new Metrics(), health, log: pino({ level: "silent" }) };
  await isolate(parts, "me", []);

  expect(performance.now() - startedAtMs).toBeGreaterThan(longestTurnMs);
  expect(new Set(seen)).toEqual(new Set([true]));
  expect(await stage.count("status = 'sent'")).toBe(6);
});
