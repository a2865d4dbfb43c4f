import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { defaultToken } from "@talkme/simulator";
import { Client } from "pg";
import { describe, expect, onTestFinished, test } from "vitest";

import { OwnServer } from "./support/own-server.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";

const slow = { kind: "latency", ms: 1500 } as const;

async function get(url: string): Promise<{ readonly status: number; readonly body: string }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.text() };
}

describe("a stop", () => {
  test("waits for requests on the wire, settles them and leaves no row sending", async () => {
    const stage = await Stage.open();
    stage.faults({ do: slow });
    const syncd = stage.run();
    const id = await stage.insert("11988887777");
    await stage.reaches(id, "sending");

    syncd.signal("SIGTERM");

    expect(await syncd.exit()).toBe(0);
    expect(await stage.row(id)).toMatchObject({ status: "sent" });
    expect(await stage.sql("select * from talkme.instance")).toEqual([]);
  });

  test("claims nothing more", async () => {
    const stage = await Stage.open();
    stage.faults({ do: slow });
    const syncd = stage.run({ TALKME_CONCURRENCY: "1" });
    const first = await stage.insert("11988887777");
    await stage.reaches(first, "sending");
    const second = await stage.insert("11988887778");

    syncd.signal("SIGTERM");

    expect(await syncd.exit()).toBe(0);
    expect(await stage.row(second)).toMatchObject({ status: "pending", attempts: 0 });
  });

  test("marks possibly sent rows unknown after the drain time-out, and still exits 0", async () => {
    const stage = await Stage.open();
    stage.faults({ do: { kind: "hang", when: "after" } });
    const syncd = stage.run({ TALKME_DRAIN_TIMEOUT_MS: "100" });
    const id = await stage.insert("11988887777");
    await expect.poll(() => stage.simulator.ledger.size).toBe(1);

    syncd.signal("SIGTERM");

    expect(await syncd.exit()).toBe(0);
    expect(await stage.row(id)).toMatchObject({ status: "unknown", error_code: "aborted" });
  });

  test("is reported by /readyz while /livez still succeeds", async () => {
    const stage = await Stage.open();
    stage.faults({ do: slow });
    const syncd = stage.run();
    const http = await syncd.http();
    await stage.reaches(await stage.insert("11988887777"), "sending");
    expect((await get(`${http}/readyz`)).status).toBe(200);

    syncd.signal("SIGTERM");
    await syncd.logged("draining");

    expect(await get(`${http}/readyz`)).toMatchObject({
      status: 503,
      body: expect.stringContaining("draining"),
    });
    expect((await get(`${http}/livez`)).status).toBe(200);
  });

  test("requested twice happens at once", async () => {
    const stage = await Stage.open();
    stage.faults({ do: { kind: "hang", when: "after" } });
    const syncd = stage.run();
    await expect
      .poll(async () => stage.insert("11988887777").then(() => stage.simulator.ledger.size))
      .toBeGreaterThan(0);

    syncd.signal("SIGTERM");
    await syncd.logged("draining");
    syncd.signal("SIGTERM");

    expect(await syncd.exit()).toBe(1);
  });
});

test("after kill -9 the next instance marks rows on the wire unknown and sends the rest", async () => {
  const stage = await Stage.open();
  stage.faults({ match: { numero: "11988887777" }, do: { kind: "hang", when: "after" } });
  const killed = stage.run({ TALKME_CONCURRENCY: "1", TALKME_LEASE_SECONDS: "3" });
  const lost = await stage.insert("11988887777");
  await expect.poll(() => stage.simulator.ledger.size).toBe(1);
  const waiting = await stage.insert("11988887778");
  killed.signal("SIGKILL");
  await killed.exit();

  stage.run({ TALKME_LEASE_SECONDS: "3" });

  await stage.reaches(waiting, "sent");
  expect(await stage.reaches(lost, "unknown")).toMatchObject({ error_code: "instance_lost" });
  expect(stage.simulator.ledger.size).toBe(2);
});

describe("the database", () => {
  test("that is down at the start is waited for, and /readyz says so", async () => {
    const server = await OwnServer.open();
    await server.postgres.stop("fast");

    const syncd = server.run();
    await syncd.logged("waiting for the database");
    expect((await get(`${await syncd.http()}/readyz`)).status).toBe(503);
    expect((await get(`${await syncd.http()}/livez`)).status).toBe(200);

    await server.postgres.start();
    await syncd.logged("sending");
    await expect.poll(async () => (await get(`${await syncd.http()}/readyz`)).status).toBe(200);
  });

  test("that goes away and comes back loses no answer, and nothing is sent twice", async () => {
    const server = await OwnServer.open();
    server.faults({ do: { kind: "latency", ms: 1000 } });
    await server.insert(20);
    const syncd = server.run();
    await expect.poll(() => server.simulator.requests).toBeGreaterThan(0);

    await server.postgres.stop("immediate");
    await syncd.logged("database error");
    await server.postgres.start();
    await syncd.logged("database is back");

    const statuses = "select status, count(*)::integer from talkme.outbox group by status";
    await expect.poll(() => server.sql(statuses)).toEqual([{ status: "sent", count: 20 }]);
    expect(server.simulator.ledger.size).toBe(20);
    expect(server.simulator.ledger.duplicates()).toEqual([]);
  });

  test("that is gone at a stop is not waited for: the process logs what it could not write, and ends", async () => {
    const server = await OwnServer.open();
    server.faults({ do: { kind: "hang", when: "after" } });
    await server.insert(1);
    const syncd = server.run({ TALKME_DRAIN_TIMEOUT_MS: "100" });
    await expect.poll(() => server.simulator.requests).toBe(1);

    await server.postgres.stop("immediate");
    syncd.signal("SIGTERM");

    expect(await syncd.exit()).toBe(1);
    expect(syncd.log).toContainEqual(
      expect.objectContaining({
        msg: "stopped without telling the database what became of these rows",
        claims: ["1:1"],
      }),
    );
  });

  test("without the schema, or with a newer one, is refused with a remedy", async () => {
    const database = await emptyDatabase();
    onTestFinished(() => database.drop());
    const environment = environmentFor(database.url, "http://127.0.0.1:9");

    const absent = await Syncd.command(["run"], environment);
    expect(absent).toMatchObject({ code: 1, err: expect.stringContaining("Run: syncd migrate") });

    await Syncd.command(["migrate"], environment);
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query("insert into talkme.migration values ('9999_future', '')");
    await client.end();
    const newer = await Syncd.command(["run"], environment);
    expect(newer).toMatchObject({ code: 1, err: expect.stringContaining("9999_future") });
  });
});

test("tokens, phone numbers and variables never appear in the log or in metrics", async () => {
  const stage = await Stage.open();
  stage.faults(
    { match: { numero: "11988887771" }, do: { kind: "failure", shape: "error-echo" } },
    { match: { numero: "11988887772" }, do: { kind: "drop", when: "after" } },
  );
  const syncd = stage.run({ TALKME_LOG_LEVEL: "trace" });
  for (const numero of ["11988887771", "11988887772", "20988887773", "11988887774"]) {
    await stage.insert(numero, "info_contato", `'{"nome":"Beltrana da Silva"}'`);
  }
  await expect.poll(() => stage.count("status in ('pending', 'sending')")).toBe(0);
  const metrics = await get(`${await syncd.http()}/metrics`);
  syncd.signal("SIGTERM");
  await syncd.exit();

  const everything = syncd.output + syncd.errors + metrics.body;
  for (const secret of [defaultToken, "98888777", "Beltrana"]) expect(everything).not.toContain(secret);
  const stored = await stage.sql("select response, error, reference from talkme.outbox");
  expect(JSON.stringify(stored)).not.toContain(defaultToken);
});

test("two instances share the rows and never send one twice", async () => {
  const stage = await Stage.open({ keepLedger: true });
  await stage.insertSpread(600);
  stage.run();
  stage.run();

  await expect.poll(() => stage.count("status = 'sent'")).toBe(600);
  expect(stage.simulator.ledger.size).toBe(600);
  expect(stage.simulator.ledger.duplicates()).toEqual([]);
  expect(
    await stage.sql("select count(distinct claimed_by)::integer as instances from talkme.outbox"),
  ).toEqual([{ instances: 2 }]);
});

test("the rate limits the account, not each instance", async () => {
  const stage = await Stage.open();
  await stage.sql(
    "insert into talkme.outbox (numero_dest, id_campanha) select '119' || (80000000 + i), 1 from generate_series(1, 3000) i",
  );
  const settings = { TALKME_RATE_PER_SECOND: "40", TALKME_LEASE_SECONDS: "3" };
  const both = [stage.run(settings), stage.run(settings)];
  await Promise.all(both.map((syncd) => syncd.logged("sending")));
  // Each learns of the other at its next heartbeat.
  await expect
    .poll(() => stage.sql("select min(heartbeat_at - started_at) > '1 s' as beaten from talkme.instance"))
    .toEqual([{ beaten: true }]);

  // By the instances' own times: requests that waited for this process were not sent faster.
  const [{ since } = {}] = await stage.sql("select clock_timestamp()::text as since");
  const attempts = `from talkme.attempt where started_at > '${String(since)}'`;
  await expect.poll(async () => (await stage.sql(`select ${attempts}`)).length).toBeGreaterThanOrEqual(100);
  const [rate] = await stage.sql(
    `select (count(*) / extract(epoch from max(started_at) - min(started_at)))::double precision as per_second ${attempts}`,
  );
  expect(rate?.["per_second"]).toBeLessThan(50);
});
