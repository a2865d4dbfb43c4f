import { runPsql } from "@talkme/test-debian/vitest";
import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { describe, expect, onTestFinished, test } from "vitest";

import { OwnServer } from "./support/own-server.ts";
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
    [["status", "--watch"], 78],
    [["status", "--watch", "--interval", "0"], 2],
    [["check", "--snapshot", "hours"], 2],
  ] as const)("syncd %j exits with %d", async (args, code) => {
    expect(await Syncd.command(args)).toMatchObject({ code });
  });

  test.each(["migrate", "status", "check"])(
    "%s exits with 1 when the database is down, and says where it looked",
    async (name) => {
      const { code, out, err } = await Syncd.command([name], environmentFor(nowhere, "http://127.0.0.1:1"));
      expect(code).toBe(1);
      expect(out + err).toContain("127.0.0.1:1/app");
      expect(out + err).not.toContain("hunter2");
    },
  );
});

describe("syncd migrate --print", () => {
  test("prints without changing anything; running the script leaves nothing pending", async (context) => {
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

test("syncd status shows rows, instances and what was not sent, for people and as JSON", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await stage.reaches(await stage.insert("11988887777"), "sent");
  await stage.reaches(await stage.insert("+51912345678"), "failed");
  const environment = { TALKME_DATABASE_URL: stage.databaseUrl };

  const { out } = await Syncd.command(["status"], environment);
  expect(out).toMatch(/sent +1 +Talk.me accepted them\n/);
  expect(out).toMatch(/failed +ambiguous_phone +1/);

  const report = JSON.parse((await Syncd.command(["status", "--json"], environment)).out);
  expect(report).toMatchObject({
    rows: { sent: 1, failed: 1, pending: 0 },
    instances: [{ inFlight: 0 }],
    not_sent: [{ status: "failed", errorCode: "ambiguous_phone", rows: 1 }],
  });
  syncd.signal("SIGTERM");
  await syncd.exit();
  expect((await Syncd.command(["status"], environment)).out).toContain("No instance of syncd is running.");
});

test("syncd status distinguishes a killed instance from one that sends", async () => {
  const stage = await Stage.open();
  const killed = stage.run({ TALKME_LEASE_SECONDS: "3" });
  await killed.logged("sending");
  const environment = { TALKME_DATABASE_URL: stage.databaseUrl };
  expect((await Syncd.command(["status"], environment)).out).toMatch(/^1 instance, 0 in flight\./);

  killed.signal("SIGKILL");
  await killed.exit();
  const status = async (): Promise<string> => (await Syncd.command(["status"], environment)).out;
  await expect.poll(status).toMatch(/^Instances: 0 alive, 1 silent for \d+ sec, 0 in flight\./);
  const report: unknown = JSON.parse((await Syncd.command(["status", "--json"], environment)).out);
  expect(report).toMatchObject({ instances: [{ alive: false }] });
});

/** What it has printed until now, one report a line. */
function reports(watch: Syncd): readonly unknown[] {
  const lines = watch.output.split("\n").filter((line) => line !== "");
  return lines.map((line): unknown => JSON.parse(line));
}

describe("syncd status --watch", () => {
  test("shows changes until it is stopped, and exits with 0", async () => {
    const stage = await Stage.open();
    const watch = Syncd.start(["status", "--watch", "--json", "--interval", "0.1"], {
      TALKME_DATABASE_URL: stage.databaseUrl,
    });
    await expect.poll(() => reports(watch).at(-1)).toMatchObject({ rows: { pending: 0 } });
    await stage.insert("11988887777");
    await expect.poll(() => reports(watch).at(-1)).toMatchObject({ rows: { pending: 1 } });

    watch.signal("SIGINT");
    expect(await watch.exit()).toBe(0);
    expect(watch.errors).toBe("");
  });

  test("shows people what changed since the last report, and resumes when the database is back", async () => {
    const server = await OwnServer.open();
    await server.insert(2);
    const watch = Syncd.start(["status", "--watch", "--interval", "0.1"], {
      TALKME_DATABASE_URL: server.url,
    });
    await expect.poll(() => watch.output).toMatch(/pending +2/);
    await server.insert(3, 10);
    await expect.poll(() => watch.output).toMatch(/pending +5 +\+3/);

    await server.postgres.stop("immediate");
    await expect.poll(() => watch.output).toContain("cannot be read");
    await server.postgres.start();
    await server.insert(1, 20);
    await expect.poll(() => watch.output).toMatch(/pending +6/);
    watch.signal("SIGTERM");
    expect(await watch.exit()).toBe(0);
  });
});
