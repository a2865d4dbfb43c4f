import { describe, expect, test } from "vitest";

import { check, connectAs, fine, found, reportOf } from "./support/check.ts";
import { openDatabaseIn } from "./support/database-in-encoding.ts";
import { OwnServer } from "./support/own-server.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";
import { WrongClock } from "./support/wrong-clock.ts";

describe("the connection to the database", () => {
  const api = "http://127.0.0.1:1";

  test.each([
    ["a name that nobody knows", "postgresql://u:hunter2@database.invalid/app", "ENOTFOUND|EAI_AGAIN", "DNS"],
    ["a server that is away", "postgresql://u:hunter2@127.0.0.1:1/app", "ECONNREFUSED", "firewall"],
    [
      "a certificate's authority that is not there",
      "postgresql://u:hunter2@127.0.0.1:1/app?sslmode=verify-full&sslrootcert=/nowhere/ca.pem",
      "ENOENT",
      "does not exist",
    ],
  ])("%s is reported with its remedy and without a password", async (_, url, code, remedy) => {
    const report = await check(environmentFor(url, api));
    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual({
      subject: "database",
      severity: "problem",
      detail: expect.stringMatching(code),
      remedy: expect.stringContaining(remedy),
    });
    expect(JSON.stringify(report)).not.toContain("hunter2");
  });

  test("a wrong password and a missing database are distinguished", async () => {
    const stage = await Stage.open();
    const wrong = new URL(await connectAs(stage, "forgetful"));
    wrong.password = "hunter2";
    const absent = new URL(stage.databaseUrl);
    absent.pathname = "/not_there";

    expect((await check(environmentFor(wrong.href, api))).findings).toContainEqual(
      found("database", "problem", "28P01", "Correct user and password"),
    );
    expect((await check(environmentFor(absent.href, api))).findings).toContainEqual(
      found("database", "problem", "3D000", "Create the database"),
    );
  });

  test("TLS: reports a server without it, an untrusted certificate, and encryption without verification", async () => {
    const stage = await Stage.open();
    expect(
      (await check(environmentFor(`${stage.databaseUrl}?sslmode=verify-full`, api))).findings,
    ).toContainEqual(found("database", "problem", "does not support SSL", "ssl = on"));

    const server = await OwnServer.open({ tls: true });
    expect((await check(environmentFor(`${server.url}?sslmode=verify-full`, api))).findings).toContainEqual(
      found("database", "problem", "self-signed certificate", "sslrootcert"),
    );
    expect((await check(environmentFor(`${server.url}?sslmode=no-verify`, api))).findings).toContainEqual(
      found("TLS to the database", "warning", "anybody can pass", "sslmode=verify-full"),
    );
  });

  test("a standby is reported as one, and its other findings too", async () => {
    const stage = await Stage.open();
    const url = await connectAs(stage, "reader", "alter role reader set default_transaction_read_only = on");
    const report = await check(environmentFor(url, stage.simulator.url));

    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(found("writing", "problem", "read-only", "primary"));
    expect(fine(report, "schema")).toHaveLength(1);
  });
});

describe("the server", () => {
  test("is reported when it does not vacuum, or would forget what was sent", async () => {
    const server = await OwnServer.open({
      settings: { autovacuum: "off", track_counts: "off", max_connections: "8" },
    });
    const report = await check(environmentFor(server.url, server.simulator.url));

    expect(report.code).toBe(0);
    expect(report.findings).toEqual(
      expect.arrayContaining([
        found("autovacuum", "warning", "autovacuum and track_counts are off", "autovacuum = on"),
        found("server", "warning", "fsync is off", "fsync = on"),
        found("connections", "warning", "room for", "max_connections"),
      ]),
    );
  });

  test("harmful settings of the role are reported", async () => {
    const stage = await Stage.open();
    const url = await connectAs(
      stage,
      "oddly_set",
      "alter role oddly_set set default_transaction_isolation = 'serializable'",
      "alter role oddly_set set statement_timeout = '5s'",
      "alter role oddly_set set idle_session_timeout = '10min'",
      "alter role oddly_set connection limit 5",
    );
    const { findings } = await check(environmentFor(url, stage.simulator.url));

    expect(findings).toEqual(
      expect.arrayContaining([
        found("server", "warning", "serializable", "default_transaction_isolation"),
        found("server", "warning", "statement_timeout is 5000 ms", "statement_timeout = '30s'"),
        found("server", "warning", "idle_session_timeout is 600000 ms", "idle_session_timeout = 0"),
        found("connections", "warning", "room for", "limit of the role"),
      ]),
    );
  });

  test("a database whose encoding cannot store every answer is reported", async () => {
    const url = await openDatabaseIn("LATIN1");
    expect((await check(environmentFor(url, "http://127.0.0.1:1"))).findings).toContainEqual(
      found("server", "warning", "LATIN1", "UTF8"),
    );
  });

  test("a database whose encoding lacks the accents of Portuguese is not migrated, and why is said", async () => {
    await expect(openDatabaseIn("WIN1251")).rejects.toThrow(
      /Nothing was changed\. .*encoding UTF8 has all others/,
    );
  });

  test("a clock far from this machine's is reported, in either direction", async (context) => {
    const stage = await Stage.open();
    const environment = environmentFor(stage.databaseUrl, stage.simulator.url);
    const clock = await WrongClock.open(context, 3600);
    const findings = async () =>
      reportOf(await Syncd.command(["check", "--json"], { ...environment, ...clock.environment })).findings;
    expect(await findings()).toContainEqual(found("clock", "warning", "3,600 s ahead of", "NTP"));
    await clock.set(-90);
    expect(await findings()).toContainEqual(found("clock", "warning", "90 s behind", "NTP"));
  });
});

describe("the schema", () => {
  test("is reported when it is newer than the program", async () => {
    const stage = await Stage.open();
    await stage.sql("insert into talkme.migration (name, timestamp) values ('9999_later', '2099-01-01')");
    const report = await check(environmentFor(stage.databaseUrl, stage.simulator.url));
    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(found("schema", "problem", "9999_later", "run check again"));
  });

  test("missing privileges are named", async () => {
    const stage = await Stage.open();
    const url = await connectAs(stage, "clerk", "revoke update on talkme.outbox from clerk");
    await stage.sql("revoke insert on talkme.attempt from clerk");
    const report = await check(environmentFor(url, stage.simulator.url));
    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(
      found(
        "grants",
        "problem",
        "clerk lacks INSERT on talkme.attempt, UPDATE (status, attempts, fence, ",
        "Grant it",
      ),
    );
  });

  test("is reported when the user may not even look at it, along with what can be seen without it", async () => {
    const stage = await Stage.open();
    const url = await connectAs(stage, "stranger", "revoke usage on schema talkme from stranger");
    const report = await check(environmentFor(url, stage.simulator.url));
    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(found("schema", "problem", "42501", "Grant it"));
    expect(fine(report, "clock")).toHaveLength(1);
  });

  test("a table without autovacuum and an index left by an interrupted reindex are named", async () => {
    const stage = await Stage.open();
    await stage.sql("alter table talkme.outbox set (autovacuum_enabled = off)");
    await stage.sql(
      "update pg_index set indisvalid = false where indexrelid = 'talkme.outbox_expiring'::regclass",
    );
    const report = await check(environmentFor(stage.databaseUrl, stage.simulator.url));

    expect(report.code).toBe(0);
    expect(report.findings).toEqual(
      expect.arrayContaining([
        found("autovacuum", "warning", "off for talkme.outbox", "reset (autovacuum_enabled)"),
        found("indexes", "warning", "talkme.outbox_expiring", "reindex index concurrently"),
      ]),
    );
  });
});

describe("a snapshot kept open for long", () => {
  test("is reported with its process, user, application and state", async () => {
    const stage = await Stage.open();
    const url = new URL(stage.databaseUrl);
    url.searchParams.set("application_name", "monthly report");
    const holder = await stage.connect(url.href);
    await holder.query("begin isolation level repeatable read");
    const { rows } = await holder.query<{ pid: number }>("select pg_backend_pid() as pid");
    const watcher = await connectAs(stage, "watcher", "grant pg_read_all_stats to watcher");
    const environment = environmentFor(watcher, stage.simulator.url);

    // The default is an hour.
    expect(fine(await check(environment), "snapshots")).toEqual([expect.stringContaining("60 min")]);
    const { findings } = await check(environment, ["--snapshot", "0.001"]);
    const { detail, remedy } = findings.find(({ subject }) => subject === "snapshots") ?? {};
    expect(detail).toContain(`process ${rows[0]?.pid} of postgres (monthly report)`);
    expect(detail).toContain("idle in transaction");
    expect(remedy).toContain(`pg_terminate_backend(${rows[0]?.pid})`);
  });

  test("by a forgotten prepared transaction is reported with the transaction's name", async () => {
    const server = await OwnServer.open({ settings: { max_prepared_transactions: "2" } });
    await server.sql("create table public.note (id integer)");
    await server.sql("begin; insert into public.note values (1); prepare transaction 'left over'");
    const { findings } = await check(environmentFor(server.url, server.simulator.url), [
      "--snapshot",
      "0.001",
    ]);
    expect(findings).toContainEqual(found("snapshots", "warning", "left over", "rollback prepared"));
  });

  test("is invisible to some users: check says so instead of reporting that all is well", async () => {
    const stage = await Stage.open();
    const url = await connectAs(stage, "short_sighted");
    expect((await check(environmentFor(url, stage.simulator.url))).findings).toContainEqual(
      found("snapshots", "warning", "talkme_oldest_snapshot_*", "pg_read_all_stats"),
    );
  });
});
