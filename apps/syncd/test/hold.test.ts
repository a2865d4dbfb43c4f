import { describe, expect, test } from "vitest";

import { Stage } from "./support/stage.ts";

/** A window that is closed all over Brazil when the test runs: by day it opens at night, and the other way round. */
const closedNow =
  "'mon-sun ' || case when extract(hour from now() at time zone 'America/Sao_Paulo') between 6 and 18 then '0-1' else '12-13' end";

describe("a pause", () => {
  test("stops a running daemon at once; its end lets sending go on at once", async () => {
    const stage = await Stage.open();
    const syncd = stage.run({ TALKME_POLL_INTERVAL_MS: "60000" });
    await syncd.logged("sending");
    const first = await stage.insert("11988887777");
    await stage.reaches(first, "sent");

    await stage.sql("select talkme.pause('campaign:1', 'wrong price')");
    const paused = await stage.insert("11988887778");
    await stage.sql("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887779', 2)");
    await expect.poll(() => stage.count("id_campanha = 2 and status = 'sent'")).toBe(1);

    expect(await stage.row(paused)).toMatchObject({ status: "pending", attempts: 0 });
    await stage.sql("select talkme.resume('campaign:1')");
    await stage.reaches(paused, "sent");
    expect(stage.simulator.requests).toBe(3);
  });

  test("costs an idle daemon nothing: it does not keep trying", async () => {
    const stage = await Stage.open();
    await stage.sql("select talkme.pause('all', 'maintenance')");
    await stage.insertMany(1, 50);
    const syncd = stage.run({ TALKME_POLL_INTERVAL_MS: "200" });
    await syncd.logged("sending");
    const claims = async (): Promise<number> => {
      const text = await (await fetch(`${await syncd.http()}/metrics`)).text();
      return Number(/^talkme_claims_total (\d+)/m.exec(text)?.[1]);
    };
    const polls = async (): Promise<number> => {
      const text = await (await fetch(`${await syncd.http()}/metrics`)).text();
      return Number(/^talkme_last_successful_poll_timestamp_seconds (\S+)/m.exec(text)?.[1]);
    };
    const start = await polls();
    await expect.poll(polls).toBeGreaterThan(start + 1);

    expect(await claims()).toBe(0);
    expect(await stage.count("status = 'pending'")).toBe(50);
  });
});

test("explain names a row's account that no running daemon has, and is as quick to name one that it has", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await syncd.logged("sending");
  await stage.sql(
    "insert into talkme.outbox (account, numero_dest, id_campanha) values ('vendas', '11988887777', 1)",
  );
  const foreign = await stage.sql("select talkme.explain(max(id)) as why from talkme.outbox");
  expect(foreign).toMatchObject([
    { why: expect.stringContaining("No running syncd is configured for account vendas") },
  ]);
  await stage.sql("select talkme.pause('all', 'x')");
  const own = await stage.insert("11988887778");
  expect(await stage.sql(`select string_agg(code, ' ') as codes from talkme.reasons(${own})`)).toEqual([
    { codes: "paused stays" },
  ]);
});

test("a suppressed number gets nothing from a running daemon, even if suppressed after the insert", async () => {
  const stage = await Stage.open();
  const early = await stage.insert("11988887777", "send_at", "now() + interval '1 hour'");
  await stage.sql("select talkme.suppress('+55 11 8888-7777', 'asked for it')");
  const syncd = stage.run();
  await syncd.logged("sending");
  const late = await stage.insert("5511988887777");
  const other = await stage.insert("11988887778");

  await stage.reaches(other, "sent");
  expect(await stage.reaches(late, "cancelled")).toMatchObject({ error_code: "suppressed", attempts: 0 });
  expect(await stage.row(early)).toMatchObject({ status: "cancelled", error_code: "suppressed" });
  expect(stage.simulator.requests).toBe(1);
  expect(syncd.output).not.toMatch(/88887777/);
});

test("a campaign whose window is closed waits while others are sent", async () => {
  const stage = await Stage.open();
  await stage.sql(
    `insert into talkme.campaign (id_campanha, name, sending_window) values (1, 'news', ${closedNow})`,
  );
  const closed = await stage.insert("11988887777");
  const expiring = await stage.insert("11988887778", "expires_at", "now() + interval '3 seconds'");
  await stage.sql("insert into talkme.outbox (numero_dest, id_campanha) values ('11988887779', 2)");
  const syncd = stage.run();
  await syncd.logged("sending");

  await expect.poll(() => stage.count("id_campanha = 2 and status = 'sent'")).toBe(1);
  await stage.reaches(expiring, "expired");
  expect(await stage.row(closed)).toMatchObject({ status: "pending", attempts: 0 });

  await stage.sql("update talkme.campaign set sending_window = null");
  await stage.sql("update talkme.outbox set retry_at = null where status = 'pending'");
  await stage.reaches(closed, "sent");
});

test("one number gets one message within the gap, whatever the number of instances", async () => {
  const stage = await Stage.open();
  await stage.sql(
    "insert into talkme.campaign (id_campanha, name, recipient_gap) values (1, 'news', '1 hour')",
  );
  const daemons = [stage.run(), stage.run(), stage.run()];
  for (const syncd of daemons) await syncd.logged("sending");

  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha)
    select (case i % 3 when 0 then '+55' when 1 then '55' else '' end) || '119888877' || 10 + i % 20, 1
    from generate_series(1, 200) as i`);

  await expect.poll(() => stage.count("status = 'sent'")).toBe(20);
  await expect.poll(() => stage.count("status = 'pending' and error_code = 'recipient_gap'")).toBe(180);
  expect(stage.simulator.requests).toBe(20);
});

test("a campaign's rate is what its row says, from the next look on", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await syncd.logged("sending");
  const first = await stage.insert("11988887777");
  await stage.reaches(first, "sent");
  await stage.sql("insert into talkme.campaign (id_campanha, name, rate_per_second) values (1, 'news', 5)");
  await stage.insertMany(1, 15);

  await expect.poll(() => stage.count("status = 'sent'")).toBe(16);
  const [{ seconds } = {}] = await stage.sql(
    "select extract(epoch from max(claimed_at) - min(claimed_at))::float8 as seconds from talkme.outbox where id > " +
      first,
  );
  // The first look may come after the first claims; 14 gaps of 200 ms otherwise.
  expect(Number(seconds)).toBeGreaterThan(1.4);
});
