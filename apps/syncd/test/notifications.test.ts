import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { OwnServer } from "./support/own-server.ts";

const tooMany = "too many notifications in the NOTIFY queue";

/** A session of another database that listens and keeps a transaction open, so that notifications stay queued. */
async function clogQueue(server: OwnServer): Promise<Client> {
  await server.sql("create database elsewhere");
  const url = new URL(server.url);
  url.pathname = "/elsewhere";
  const [sleeper, talker] = [1, 2].map(() => new Client({ connectionString: url.href }));
  if (sleeper === undefined || talker === undefined) throw new Error("There are two.");
  for (const client of [sleeper, talker]) {
    client.on("error", () => "The server is stopped at the end.");
    onTestFinished(() => client.end());
    await client.connect();
  }
  await sleeper.query("listen gossip");
  await sleeper.query("begin; select 1");
  await expect(async () => {
    for (;;)
      await talker.query(
        "select pg_notify('gossip', repeat(i::text, 1990)) from generate_series(1000, 1063) as i",
      );
  }).rejects.toThrow(tooMany);
  return sleeper;
}

describe("when another database fills the server's notification queue,", () => {
  test("inserts, resume, retry and resolve work, rows are sent, and notifications come back by themselves", async () => {
    const server = await OwnServer.open({ settings: { max_notify_queue_pages: "64" } });
    const syncd = server.run();
    await syncd.logged("listening for inserts");
    await server.insert(1);
    await expect.poll(() => server.sql("select from talkme.instance where listening")).toHaveLength(1);
    const sleeper = await clogQueue(server);
    await expect(server.sql("select pg_notify('talkme_outbox', '')")).rejects.toThrow(tooMany);

    await server.insert(9, 1);
    await server.sql("select talkme.resume('all')");
    await expect.poll(() => server.sql("select from talkme.outbox where status = 'sent'")).toHaveLength(10);

    await server.sql("select talkme.pause('campaign:2', 'to look at it')");
    await server.sql(
      "insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 2), ('11988887776', 2)",
    );
    await server.sql("select talkme.cancel(11); select talkme.retry(11)");
    await server.sql("select * from talkme.cancel_where(id_campanha => 2, go => true)");
    await server.sql("select * from talkme.retry_where(status => 'cancelled', id_campanha => 2, go => true)");
    await server.sql(
      "update talkme.outbox set status = 'unknown', claimed_by = 'nobody', claimed_at = now() where id_campanha = 2",
    );
    await server.sql("select talkme.resolve(11, 'resend')");
    await server.sql("select * from talkme.resolve_where('resend', id_campanha => 2, go => true)");
    await server.sql("select talkme.resume('campaign:2')");
    await expect.poll(() => server.sql("select from talkme.outbox where status = 'sent'")).toHaveLength(12);

    expect(await syncd.logged("not listening: polling until the connection is back")).toMatchObject({
      message: expect.stringContaining("half full"),
    });
    await sleeper.query("commit");
    await expect
      .poll(() => syncd.log.filter(({ msg }) => msg === "listening for inserts").length, { timeout: 60_000 })
      .toBe(2);
  });
});

describe("a transaction prepared for two-phase commit while an instance is idle", () => {
  test("may insert if its session switched notifications off; the next look finds the row", async () => {
    const server = await OwnServer.open({ settings: { max_prepared_transactions: "5" } });
    const syncd = server.run();
    await syncd.logged("listening for inserts");
    await expect.poll(() => server.sql("select from talkme.instance where listening")).toHaveLength(1);
    const insertion = "insert into talkme.outbox (numero_dest, id_campanha) values ('11988887777', 1)";

    await expect(server.sql(`begin; ${insertion}; prepare transaction 'loud'`)).rejects.toMatchObject({
      code: "0A000",
    });
    await server.sql(`begin; set local talkme.notify = off; ${insertion}; prepare transaction 'quiet'`);
    await server.sql("commit prepared 'quiet'");
    await expect.poll(() => server.sql("select from talkme.outbox where status = 'sent'")).toHaveLength(1);

    await server.sql("alter role postgres set talkme.notify = 'off'");
    await server.sql(
      `begin; ${insertion}; select talkme.cancel(currval('talkme.outbox_id_seq')); select talkme.retry(currval('talkme.outbox_id_seq')); prepare transaction 'by role'`,
    );
    await server.sql("commit prepared 'by role'");
    await expect.poll(() => server.sql("select from talkme.outbox where status = 'sent'")).toHaveLength(2);
  });
});
