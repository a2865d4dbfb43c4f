import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { PgBouncer } from "./support/pgbouncer.ts";
import { scrape } from "./support/scrape.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";

const poolSize = 2;

/** Longer than any test waits: polling would find a row too late. */
const noPolling = { TALKME_POLL_INTERVAL_MS: "60000" };

async function becomesIdle(stage: Stage, listening: boolean): Promise<void> {
  await expect.poll(() => stage.sql("select listening from talkme.instance")).toEqual([{ listening }]);
}

/** Other users of the pool, so that consecutive statements rarely share a server connection. */
function keepBusy(url: string): void {
  const over = new AbortController();
  const clients = Array.from({ length: 2 * poolSize }, async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    while (!over.signal.aborted) await client.query("select pg_sleep(0.002)");
    await client.end();
  });
  onTestFinished(async () => {
    over.abort();
    await Promise.all(clients);
  });
}

function warnings(syncd: Syncd): readonly string[] {
  return syncd.log.filter(({ level }) => level === "warn").map((line) => JSON.stringify(line));
}

describe("through PgBouncer in transaction mode", () => {
  test("an insert wakes an idle daemon at once when LISTEN has a direct connection", async (context) => {
    const stage = await Stage.open();
    const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, poolSize);
    const syncd = Syncd.run(pgbouncer.url, stage.simulator.url, {
      ...noPolling,
      TALKME_LISTEN_URL: stage.databaseUrl,
    });
    await syncd.logged("listening for inserts");
    await becomesIdle(stage, true);

    await stage.reaches(await stage.insert("11988887771"), "sent");
    await becomesIdle(stage, true);
    await stage.reaches(await stage.insert("11988887772"), "sent");
    expect((await scrape(syncd)).get("talkme_listening")).toBe(1);
  });

  test("polling finds every row when LISTEN is off, and inserts notify nobody", async (context) => {
    const stage = await Stage.open();
    const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, poolSize);
    const syncd = Syncd.run(pgbouncer.url, stage.simulator.url, { TALKME_LISTEN_URL: "off" });
    await syncd.logged("sending");

    await stage.reaches(await stage.insert("11988887771"), "sent");
    await stage.reaches(await stage.insert("11988887772"), "sent");
    await becomesIdle(stage, false);
    expect((await scrape(syncd)).get("talkme_listening")).toBe(0);
    expect(warnings(syncd)).toEqual([]);
  });

  test("LISTEN cannot work: polling finds rows, and the log says once what to set", async (context) => {
    const stage = await Stage.open();
    const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, poolSize);
    const syncd = Syncd.run(pgbouncer.url, stage.simulator.url, { TALKME_LEASE_SECONDS: "3" });

    await expect.poll(() => warnings(syncd)).toEqual([expect.stringContaining("TALKME_LISTEN_URL")]);
    await stage.reaches(await stage.insert("11988887771"), "sent");
    expect((await scrape(syncd)).get("talkme_listening")).toBe(0);
    await becomesIdle(stage, false);

    // Long enough for another look.
    await expect
      .poll(() => stage.sql("select heartbeat_at - started_at > '16 s' as lived from talkme.instance"), {
        timeout: 40_000,
        interval: 500,
      })
      .toEqual([{ lived: true }]);
    expect(warnings(syncd)).toHaveLength(1);
    await stage.reaches(await stage.insert("11988887772"), "sent");
  });

  test("two instances share the rows over fewer server connections than their own, and none is sent twice", async (context) => {
    const stage = await Stage.open({ keepLedger: true });
    const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, poolSize);
    await stage.insertSpread(600);
    Syncd.run(pgbouncer.url, stage.simulator.url, { TALKME_LISTEN_URL: stage.databaseUrl });
    Syncd.run(pgbouncer.url, stage.simulator.url, { TALKME_LISTEN_URL: "off" });

    await expect.poll(() => stage.count("status = 'sent'")).toBe(600);
    expect(stage.simulator.ledger.size).toBe(600);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
    expect(
      await stage.sql("select count(distinct claimed_by)::integer as instances from talkme.outbox"),
    ).toEqual([{ instances: 2 }]);
  });

  test("its restart under load loses no answer and sends nothing twice", async (context) => {
    const stage = await Stage.open({ keepLedger: true });
    stage.faults({ do: { kind: "latency", ms: 300 } });
    const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, poolSize);
    const settings = { TALKME_LISTEN_URL: stage.databaseUrl };
    const both = [
      Syncd.run(pgbouncer.url, stage.simulator.url, settings),
      Syncd.run(pgbouncer.url, stage.simulator.url, settings),
    ];
    await Promise.all(both.map((syncd) => syncd.logged("sending")));
    await stage.sql(
      "insert into talkme.outbox (numero_dest, id_campanha) select '119' || (80000000 + i), 1 from generate_series(1, 100) i",
    );
    await expect.poll(() => stage.count("status = 'sent'")).toBeGreaterThan(10);

    await pgbouncer.stop();
    await Promise.all(both.map((syncd) => syncd.logged("database error")));
    // Answers to requests on the wire exist only in memory.
    const total = async (name: string): Promise<number> => {
      const metrics = await Promise.all(both.map(scrape));
      return metrics.reduce((sum, one) => sum + (one.get(name) ?? Number.NaN), 0);
    };
    await expect.poll(() => total("talkme_sends_in_flight")).toBe(0);
    expect(await total("talkme_settle_backlog")).toBeGreaterThan(0);
    const sentBefore = await stage.count("status = 'sent'");
    await pgbouncer.start();

    await expect.poll(() => stage.count("status = 'sent'")).toBe(100);
    expect(sentBefore).toBeLessThan(100);
    expect(stage.simulator.ledger.size).toBe(100);
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
    expect(await stage.sql("select distinct attempts from talkme.outbox")).toEqual([{ attempts: 1 }]);
  });

  test("one of several concurrent migrations makes the schema, no lock is left, and status and check find it", async (context) => {
    const stage = await Stage.open();
    const database = await emptyDatabase();
    onTestFinished(() => database.drop());
    const pgbouncer = await PgBouncer.open(context, database.url, poolSize);
    const environment = { TALKME_DATABASE_URL: pgbouncer.url };
    keepBusy(pgbouncer.url);

    const all = await Promise.all([1, 2, 3].map(() => Syncd.command(["migrate"], environment)));
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual(all.map(() => ({ code: 0, err: "" })));
    expect(all.map(({ out }) => out).toSorted((a, b) => a.length - b.length)).toEqual([
      expect.stringContaining("up to date"),
      expect.stringContaining("up to date"),
      expect.stringContaining("applied 0001_baseline"),
    ]);
    const locks = `
      select count(*)::integer as held from pg_locks as l join pg_database as d on d.oid = l.database
      where l.locktype = 'advisory' and d.datname = '${database.name}'
    `;
    expect(await stage.sql(locks)).toEqual([{ held: 0 }]);
    expect(await Syncd.command(["migrate", "--print"], environment)).toMatchObject({
      code: 0,
      out: expect.stringContaining("nothing is pending"),
    });

    const { code, out } = await Syncd.command(["status", "--json"], environment);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ rows: { pending: 0 }, instances: [] });

    const checked = await Syncd.command(["check"], {
      ...environmentFor(pgbouncer.url, stage.simulator.url),
      TALKME_LISTEN_URL: database.url,
    });
    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining("notifications: arrive") });
  });

  test("check warns when LISTEN goes through it, and says what to set", async (context) => {
    const stage = await Stage.open();
    const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, poolSize);
    const { code, out } = await Syncd.command(
      ["check", "--json"],
      environmentFor(pgbouncer.url, stage.simulator.url),
    );

    expect(code).toBe(0);
    expect(JSON.parse(out).findings).toContainEqual({
      subject: "notifications",
      severity: "warning",
      detail: expect.stringContaining("do not arrive"),
      remedy: expect.stringContaining("TALKME_LISTEN_URL"),
    });
  });
});
