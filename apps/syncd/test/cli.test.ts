import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { runPsql } from "@talkme/test-debian/vitest";
import { describe, expect, onTestFinished, test } from "vitest";

import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";

const nowhere = "postgresql://postgres:hunter2@127.0.0.1:1/app";

describe("exit codes", () => {
  test.each([
    [["--help"], 0],
    [["--version"], 0],
    [["run", "--help"], 0],
    [["check", "--help"], 0],
    [[], 2],
    [["send"], 2],
    [["run", "--quickly"], 2],
    [["run"], 78],
    [["check"], 78],
    [["migrate"], 78],
    [["status"], 78],
  ] as const)("syncd %j exits with %d", async (args, code) => {
    expect(await Syncd.command(args)).toMatchObject({ code });
  });

  test.each(["migrate", "status", "check"])(
    "%s exits with 1 where the database is down, and says where it looked",
    async (name) => {
      const { code, out, err } = await Syncd.command([name], environmentFor(nowhere, "http://127.0.0.1:1"));
      expect(code).toBe(1);
      expect(out + err).toContain("127.0.0.1:1/app");
      expect(out + err).not.toContain("hunter2");
    },
  );
});

describe("syncd check", () => {
  test("says that run would work, and sends nothing", async () => {
    const stage = await Stage.open();
    const checked = await Syncd.command(["check"], environmentFor(stage.databaseUrl, stage.simulator.url));
    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining("syncd run would work.") });
    expect(stage.simulator.requests).toBe(0);
  });

  test("finds a missing schema and an API that cannot be reached in one go, with what to do", async () => {
    const database = await emptyDatabase();
    onTestFinished(() => database.drop());
    const { code, out } = await Syncd.command(
      ["check", "--json"],
      environmentFor(database.url, "http://127.0.0.1:1"),
    );
    expect(code).toBe(1);
    const { findings } = JSON.parse(out);
    expect(findings).toContainEqual({
      subject: "schema",
      severity: "problem",
      detail: expect.stringContaining("Run: syncd migrate"),
      remedy: expect.any(String),
    });
    expect(findings).toContainEqual(
      expect.objectContaining({ severity: "problem", detail: expect.stringContaining("ECONNREFUSED") }),
    );
  });

  test("names the privileges that its user lacks", async () => {
    const stage = await Stage.open();
    await stage.sql("drop role if exists clerk");
    await stage.sql("create role clerk login password 'clerk'");
    await stage.sql("grant usage on schema talkme to clerk");
    await stage.sql("grant select on all tables in schema talkme to clerk");
    const url = new URL(stage.databaseUrl);
    url.username = "clerk";
    url.password = "clerk";
    const { code, out } = await Syncd.command(["check"], environmentFor(url.href, stage.simulator.url));
    expect(code).toBe(1);
    expect(out).toContain("clerk lacks INSERT on talkme.attempt, INSERT on talkme.instance");
    expect(out).toContain("UPDATE (status, attempts, fence, ");
  });
});

describe("syncd migrate --print", () => {
  test("prints a script that changes nothing by itself, and after which nothing is pending", async (context) => {
    const database = await emptyDatabase();
    onTestFinished(() => database.drop());
    const environment = { TALKME_DATABASE_URL: database.url };

    const printed = await Syncd.command(["migrate", "--print"], environment);
    expect(printed).toMatchObject({ code: 0, out: expect.stringContaining("create table talkme.outbox") });
    expect((await Syncd.command(["status"], environment)).err).toContain("no schema talkme");

    expect(await runPsql(context, database.url, printed.out)).toMatchObject({ code: 0, err: "" });
    expect((await Syncd.command(["migrate", "--print"], environment)).out).toContain("nothing is pending");
    expect((await Syncd.command(["status"], environment)).code).toBe(0);
  });
});

test("syncd status shows the rows, the instances and what was not sent, for people and as JSON", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await stage.reaches(await stage.insert("11988887777"), "sent");
  await stage.reaches(await stage.insert("20988887777"), "failed");
  const environment = { TALKME_DATABASE_URL: stage.databaseUrl };

  const { out } = await Syncd.command(["status"], environment);
  expect(out).toMatch(/sent +1\n/);
  expect(out).toMatch(/failed +invalid_ddd +1/);

  const report = JSON.parse((await Syncd.command(["status", "--json"], environment)).out);
  expect(report).toMatchObject({
    rows: { sent: 1, failed: 1, pending: 0 },
    instances: [{ inFlight: 0 }],
    not_sent: [{ status: "failed", errorCode: "invalid_ddd", rows: 1 }],
  });
  syncd.signal("SIGTERM");
  await syncd.exit();
  expect((await Syncd.command(["status"], environment)).out).toContain("No instance of syncd is running.");
});
