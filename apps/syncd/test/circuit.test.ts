import { writeFile } from "node:fs/promises";

import { defaultToken } from "@talkme/simulator";
import { describe, expect, test } from "vitest";

import { configFile } from "./support/config-file.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

const notFound = { kind: "failure", shape: "not-found" } as const;

describe("404: the third in a row locks the token, so", () => {
  test("three instances with 64 in flight each make only two requests to an API that finds nothing", async () => {
    const stage = await Stage.open();
    stage.faults({ do: notFound });
    for (const campaign of [1, 2, 3, 4]) await stage.insertMany(campaign, 100);
    const instances = [1, 2, 3].map(() => stage.run({ TALKME_CONCURRENCY: "64" }));

    await Promise.all(instances.map((syncd) => syncd.logged("circuit opened: the account's rows wait")));

    await expect.poll(() => stage.count("status = 'failed'")).toBe(2);
    expect(await stage.count("status = 'pending' and attempts = 0")).toBe(398);
    expect(stage.simulator.requests).toBe(2);
    expect(stage.simulator.statistics().lockedAccounts).toEqual([]);
  });

  test("an API that accepts everything and then finds nothing gets only the requests already on the wire", async () => {
    const concurrency = 64;
    const stage = await Stage.open({ lockAfterConsecutiveNotFound: 0 });
    stage.faults({ do: { kind: "latency", ms: 20, jitterMs: 30 } });
    for (const campaign of [1, 2, 3]) await stage.insertMany(campaign, 1000);
    const settings = { TALKME_CONCURRENCY: String(concurrency) };
    const instances = [stage.run(settings), stage.run(settings)];
    await expect.poll(() => stage.count("status = 'sent'")).toBeGreaterThan(300);

    stage.faults({ do: { kind: "latency", ms: 20, jitterMs: 30 } }, { do: notFound });
    await Promise.all(instances.map((syncd) => syncd.logged("circuit opened: the account's rows wait")));
    await expect.poll(() => stage.count("status = 'sending'")).toBe(0);

    const notFounds = stage.simulator.statistics().byAnswer["not-found"] ?? 0;
    expect(notFounds).toBeGreaterThanOrEqual(2);
    expect(notFounds).toBeLessThanOrEqual(instances.length * concurrency);
    expect(await stage.count("status = 'failed'")).toBe(notFounds);
  });

  test("a campaign that does not exist does not lock the token or hold up another", async () => {
    const stage = await Stage.open();
    stage.faults(
      { do: { kind: "latency", ms: 5, jitterMs: 10 } },
      { match: { idCampanha: 9 }, do: notFound },
    );
    await stage.insertMany(9, 500);
    await stage.insertMany(1, 1500);
    const syncd = stage.run({ TALKME_CONCURRENCY: "16" });

    await expect.poll(() => stage.count("id_campanha = 1 and status = 'sent'")).toBe(1500);

    expect(stage.simulator.statistics().lockedAccounts).toEqual([]);
    expect(syncd.log.some(({ msg }) => msg.startsWith("circuit opened"))).toBe(false);
    // Its rows are not used up: they wait until the campaign is fixed.
    expect(await stage.count("id_campanha = 9 and status = 'failed'")).toBeLessThan(10);
    // Two seconds at first, then longer; one row is tried after each pause.
    await expect
      .poll(() => stage.sql("select lane from talkme.lane where quiet_until > now()"))
      .toEqual([{ lane: "default/9/-" }]);
  });

  test("the circuit stays open across a restart until talkme.resume lets one row try", async () => {
    const stage = await Stage.open();
    stage.faults({ do: notFound });
    await stage.insertMany(1, 20);
    const first = stage.run();
    await first.logged("circuit opened: the account's rows wait");
    first.signal("SIGTERM");
    expect(await first.exit()).toBe(0);

    stage.faults();
    const second = stage.run();
    expect(await second.logged("circuit opened: the account's rows wait")).toMatchObject({
      kind: "not_found",
    });
    const before = stage.simulator.requests;
    const [row] = await stage.sql("select talkme.resume('account:default') as said");
    expect(row?.["said"]).toMatch(/^account:default: 1 open circuit/);

    await expect.poll(() => stage.count("status = 'sent'")).toBe(18);
    expect(before).toBe(2);
    expect(stage.simulator.statistics().lockedAccounts).toEqual([]);
  });
});

describe("401 and 403", () => {
  test("stop the account for all instances at the first answer, and its rows lose no attempt", async () => {
    const stage = await Stage.open();
    await stage.insertMany(1, 50);
    await stage.insertMany(2, 50);
    const settings = { TALKME_TOKEN: "wrong", TALKME_CONCURRENCY: "64" };
    const instances = [stage.run(settings), stage.run(settings), stage.run(settings)];

    const lines = await Promise.all(
      instances.map((syncd) => syncd.logged("circuit opened: the account's rows wait")),
    );

    expect(lines[0]).toMatchObject({ account: "default", kind: "authentication" });
    await expect.poll(() => stage.count("status = 'pending' and attempts = 0")).toBe(100);
    expect(stage.simulator.requests).toBe(1);
  });

  test("stop instances with the refused token, not the replica with the right one", async () => {
    const stage = await Stage.open();
    await stage.insertMany(1, 20);
    const old = stage.run({ TALKME_TOKEN: "the-old-one" });
    const line = await old.logged("circuit opened: the account's rows wait");
    const right = stage.run();

    await expect.poll(() => stage.count("status = 'sent'")).toBe(20);
    await stage.insertMany(2, 20);
    await expect.poll(() => stage.count("status = 'sent'")).toBe(40);

    expect(line).toMatchObject({ kind: "authentication", reason: expect.stringContaining("go on") });
    expect(right.log.some(({ msg }) => msg.startsWith("circuit opened"))).toBe(false);
    const { log } = old;
    const instance = log.find(({ msg }) => msg === "sending")?.["instance"];
    expect(await stage.sql("select talkme.explain(40) as why")).toEqual([
      { why: expect.not.stringContaining("circuit") },
    ]);
    const [openHere, openThere] = await Promise.all(
      [old, right].map(async (syncd) => (await fetch(`${await syncd.http()}/metrics`)).text()),
    );
    expect(openHere).toContain('talkme_circuit_open{account="default"} 1');
    expect(openThere).toContain('talkme_circuit_open{account="default"} 0');
    const ready = await (await fetch(`${await old.http()}/readyz?verbose`)).json();
    expect(ready).toMatchObject({ circuits: [{ state: "open", kind: "authentication" }] });
    const told = await Syncd.command(["status"], { TALKME_DATABASE_URL: stage.databaseUrl });
    expect(told.out.replaceAll(/\s+/g, " ")).toContain(
      `account default (authentication), for the token of instance ${String(instance)} alone`,
    );
    const stored = JSON.stringify(await stage.sql("select * from talkme.circuit"));
    expect(stored).not.toContain("the-old-one");
  });

  test("end at once when a reload or a restart replaces the token; a resume lets one row try", async () => {
    const stage = await Stage.open();
    const token = configFile("the-old-one");
    await stage.insertMany(1, 5);
    const settings = { TALKME_TOKEN: "", TALKME_TOKEN_FILE: token };
    const first = stage.run(settings);
    await first.logged("circuit opened: the account's rows wait");
    const waiting = stage.run(settings);
    await waiting.logged("circuit opened: the account's rows wait");
    expect(stage.simulator.requests).toBe(1);

    await stage.sql("select talkme.resume('account:default')");
    await expect.poll(() => stage.simulator.requests).toBe(2);
    await expect.poll(() => stage.count("status = 'pending'")).toBe(5);

    await writeFile(token, defaultToken);
    first.signal("SIGHUP");
    await expect.poll(() => stage.count("status = 'sent'")).toBe(5);
    await first.logged("circuit closed: the account sends again");

    waiting.signal("SIGTERM");
    await waiting.exit();
    first.signal("SIGTERM");
    await first.exit();
    await stage.insertMany(2, 5);
    stage.run(settings);
    await expect.poll(() => stage.count("status = 'sent'")).toBe(10);
  });

  test("end for all instances with the first row that the API takes again; then rows go side by side", async () => {
    const stage = await Stage.open();
    const settings = { TALKME_CONFIG: configFile("circuit: { long_pause_seconds: 1 }") };
    stage.faults({ do: { kind: "status", status: 401 } });
    await stage.insertMany(1, 60);
    const instances = [stage.run(settings), stage.run(settings)];
    await Promise.all(instances.map((syncd) => syncd.logged("circuit opened: the account's rows wait")));

    stage.faults();
    await Promise.all(instances.map((syncd) => syncd.logged("circuit closed: the account sends again")));
    expect(await stage.sql("select kind from talkme.circuit where kind is not null")).toEqual([]);
    await expect.poll(() => stage.count("status = 'sent'")).toBe(60);
  });

  test("delay no other account", async () => {
    const stage = await Stage.open();
    const config = configFile("accounts: { broken: { id_cliente: 999, token: wrong } }");
    await stage.insert("11988887777", "account", "'broken'");
    const syncd = stage.run({ TALKME_CONFIG: config });
    await syncd.logged("circuit opened: the account's rows wait");

    const other = await stage.reaches(await stage.insert("11988887778"), "sent");
    expect(other).toMatchObject({ account: "default", attempts: 1 });
  });
});

describe("a run of answers that neither accept nor refuse", () => {
  const config = "circuit: { run_to_open: 3, pause_seconds: 0.5 }";

  test("opens the circuit; then one row at a time tries, and the first success releases all", async () => {
    const arrivals: number[] = [];
    const stage = await Stage.open({ onRequest: () => arrivals.push(performance.now()) });
    const settings = { TALKME_CONFIG: configFile(config), TALKME_CONCURRENCY: "8" };
    const instances = [stage.run(settings), stage.run(settings)];
    // From then on the campaign may use every slot.
    await stage.reaches(await stage.insert("11988887777"), "sent");
    stage.faults({ do: { kind: "status", status: 500 } });
    await stage.insertMany(1, 60);
    await Promise.all(instances.map((syncd) => syncd.logged("circuit opened: the account's rows wait")));
    await expect.poll(() => stage.count("status = 'sending'")).toBe(0);

    const before = arrivals.length;
    await expect.poll(() => arrivals.length).toBe(before + 3);
    const [first = 0, second = 0, third = 0] = arrivals.slice(before);
    // One and two seconds; half of that where the pauses did not grow. A busy machine moves each arrival.
    expect(second - first).toBeGreaterThan(750);
    expect(third - second).toBeGreaterThan(1500);
    stage.faults();
    await expect.poll(() => stage.count("status in ('pending', 'sending')")).toBe(0);

    expect(await stage.count("status = 'sent'")).toBe(61 - (await stage.count("status = 'unknown'")));
    expect(stage.simulator.ledger.duplicates()).toEqual([]);
    await Promise.all(instances.map((syncd) => syncd.logged("circuit closed: the account sends again")));
  });

  test("is reported by the metric, the log and /readyz?verbose", async () => {
    const stage = await Stage.open();
    stage.faults({ do: { kind: "status", status: 500 } });
    await stage.insertMany(1, 10);
    const path = configFile("circuit: { run_to_open: 3, pause_seconds: 60 }");
    const syncd = stage.run({ TALKME_CONFIG: path, TALKME_CONCURRENCY: "1" });
    expect(await syncd.logged("circuit opened: the account's rows wait")).toMatchObject({
      level: "error",
      account: "default",
      kind: "trouble",
    });

    const http = await syncd.http();
    const metrics = await (await fetch(`${http}/metrics`)).text();
    expect(metrics).toContain('talkme_circuit_open{account="default"} 1');
    expect(metrics).toContain('talkme_circuit_openings_total{account="default",kind="trouble"} 1');
    const ready = await fetch(`${http}/readyz?verbose`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: "ok",
      circuits: [{ account: "default", state: "open", kind: "trouble", reason: expect.any(String) }],
    });
    expect(await (await fetch(`${http}/readyz`)).json()).toEqual({ status: "ok", reasons: [] });
  });
});
