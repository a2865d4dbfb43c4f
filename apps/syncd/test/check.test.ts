import { createServer } from "node:http";
import { once } from "node:events";

import { defaultIdCliente } from "@talkme/simulator";
import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { describe, expect, onTestFinished, test } from "vitest";

import { configFile } from "./support/config-file.ts";
import { openDatabaseIn } from "./support/database-in-encoding.ts";
import { OwnServer } from "./support/own-server.ts";
import { PgBouncer } from "./support/pgbouncer.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";
import { WrongClock } from "./support/wrong-clock.ts";

interface Finding {
  readonly subject: string;
  readonly severity: "ok" | "warning" | "problem";
  readonly detail: string;
  readonly remedy?: string;
}

interface Report {
  readonly code: unknown;
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

type Environment = Readonly<Record<string, string>>;

/** `syncd check --json` as the program that it is. */
async function check(environment: Environment, args: readonly string[] = []): Promise<Report> {
  const { code, out, err } = await Syncd.command(["check", "--json", ...args], environment);
  if (!out.startsWith("{")) throw new Error(`check printed no report: ${out}${err}`);
  return { code, ...JSON.parse(out) };
}

/** A finding with a detail and a remedy that contain these words. */
function found(subject: string, severity: Finding["severity"], detail: string, remedy: string): unknown {
  return {
    subject,
    severity,
    detail: expect.stringContaining(detail),
    remedy: expect.stringContaining(remedy),
  };
}

function fine({ findings }: Report, subject: string): readonly string[] {
  return findings
    .filter((one) => one.subject === subject && one.severity === "ok")
    .map(({ detail }) => detail);
}

/** A role with all that the daemon needs, and what `sql` does to it; returns the URL with which it connects. */
async function connectAs(stage: Stage, role: string, ...sql: readonly string[]): Promise<string> {
  await stage.sql(`drop role if exists ${role}`);
  await stage.sql(`create role ${role} login password '${role}'`);
  onTestFinished(async () => {
    await stage.sql(`drop owned by ${role}`);
    await stage.sql(`drop role ${role}`);
  });
  await stage.sql(`grant usage on schema talkme to ${role}`);
  await stage.sql(`grant select, insert, update, delete on all tables in schema talkme to ${role}`);
  for (const statement of sql) await stage.sql(statement);
  const url = new URL(stage.databaseUrl);
  url.username = role;
  url.password = role;
  return url.href;
}

describe("syncd check", () => {
  test("says that run would work, changes nothing and sends nothing", async () => {
    const stage = await Stage.open();
    await stage.insert("11988887777");
    const checked = await Syncd.command(["check"], environmentFor(stage.databaseUrl, stage.simulator.url));

    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining("syncd run would work.") });
    expect(stage.simulator.requests).toBe(0);
    expect(await stage.sql("select count(*)::integer from talkme.instance")).toEqual([{ count: 0 }]);
    expect(await stage.count("status = 'pending' and attempts = 0")).toBe(1);
  });

  test("gives every finding that is not well a remedy", async () => {
    const { findings } = await check(environmentFor("postgresql://127.0.0.1:1/app", "http://127.0.0.1:1"));
    for (const { severity, remedy } of findings) expect(severity === "ok").toBe(remedy === undefined);
  });
});

describe("settings", () => {
  test("that are wrong do not keep it from finding a missing schema and an API that is away", async () => {
    const database = await emptyDatabase();
    onTestFinished(() => database.drop());
    const report = await check({
      TALKME_DATABASE_URL: database.url,
      TALKME_BASE_URL: "http://127.0.0.1:1",
      TALKME_ID_CLIENTE: defaultIdCliente,
      TALKME_CONCURRENCY: "many",
      TALKME_TOKEN_FILE: "/nowhere/token",
    });

    expect(report).toMatchObject({ code: 78, ok: false });
    expect(report.findings).toEqual(
      expect.arrayContaining([
        found("settings", "problem", 'TALKME_CONCURRENCY is "many"', "docs/configuration.md"),
        found("settings", "problem", "/nowhere/token cannot be read", "docs/configuration.md"),
        found("schema", "problem", "Run: syncd migrate", "run check again"),
        found("API of account default", "problem", "ECONNREFUSED", "firewall"),
      ]),
    );
  });

  test("that only the client refuses are told", async () => {
    const stage = await Stage.open();
    const report = await check({
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_CONFIG: configFile('accounts: { promo: { id_cliente: 7, token: "\\uD800" } }'),
    });
    expect(report).toMatchObject({ code: 78, ok: false });
    expect(report.findings).toContainEqual(found("settings", "problem", "account promo", "Correct it"));
  });

  test("that do not go together or are misspelt are told", async () => {
    const stage = await Stage.open();
    const report = await check({
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_ON_UNKNOWN: "resend",
      TALKME_DRAIN_TIMEOUT_MS: "1000",
      TALKME_CONCURENCY: "9",
    });

    expect(report.findings).toEqual(
      expect.arrayContaining([
        found("settings", "warning", "sent again", "Use hold"),
        found("settings", "warning", "TALKME_DRAIN_TIMEOUT_MS (1000) is shorter", "Give the drain"),
        found("settings", "warning", "TALKME_CONCURENCY", "Correct the name"),
      ]),
    );
  });
});

describe("HTTP", () => {
  test("a port that another program has is a problem, and one that a syncd has is not", async () => {
    const stage = await Stage.open();
    const other = createServer((_, response) => response.end("hello"));
    other.listen(0, "127.0.0.1");
    await once(other, "listening");
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const environment = environmentFor(stage.databaseUrl, stage.simulator.url);

    const taken = await check({ ...environment, TALKME_HTTP_PORT: String(port) });
    expect(taken.code).toBe(78);
    expect(taken.findings).toContainEqual(
      found("HTTP", "problem", "EADDRINUSE", "choose another TALKME_HTTP_PORT"),
    );

    const running = stage.run();
    const own = await check({ ...environment, TALKME_HTTP_PORT: new URL(await running.http()).port });
    expect(own.code).toBe(0);
    expect(fine(own, "HTTP")).toEqual([expect.stringContaining("a syncd that runs already")]);
  });

  test("an address that is none of this machine is a problem", async () => {
    const stage = await Stage.open();
    const report = await check({
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_HTTP_HOST: "192.0.2.1",
    });
    expect(report.findings).toContainEqual(found("HTTP", "problem", "EADDRNOTAVAIL", "TALKME_HTTP_HOST"));
  });

  test("metrics that anybody in the network may read are told, unless a token protects them", async () => {
    const stage = await Stage.open();
    const environment = {
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_HTTP_HOST: "0.0.0.0",
    };
    expect((await check(environment)).findings).toContainEqual(
      found("HTTP", "warning", "open beyond this machine", "TALKME_METRICS_TOKEN"),
    );
    const token = { TALKME_METRICS_TOKEN: "0123456789abcdef" };
    expect(fine(await check({ ...environment, ...token }), "HTTP")).toEqual(["0.0.0.0:0 is free."]);
  });
});

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
  ])("%s is told with its remedy, and no password", async (_, url, code, remedy) => {
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

  test("a wrong password and a database that does not exist are told apart", async () => {
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

  test("TLS: a server without it, a certificate without an authority, and encryption for anybody", async () => {
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

  test("a standby is told as such, and so is everything else of it", async () => {
    const stage = await Stage.open();
    const url = await connectAs(stage, "reader", "alter role reader set default_transaction_read_only = on");
    const report = await check(environmentFor(url, stage.simulator.url));

    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(found("writing", "problem", "read-only", "primary"));
    expect(fine(report, "schema")).toHaveLength(1);
  });
});

describe("the server", () => {
  test("that does not clean up, and would forget what was sent, is told", async () => {
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

  test("what its role's settings would spoil is told", async () => {
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

  test("a database that cannot store every answer is told", async () => {
    const url = await openDatabaseIn("LATIN1");
    expect((await check(environmentFor(url, "http://127.0.0.1:1"))).findings).toContainEqual(
      found("server", "warning", "LATIN1", "UTF8"),
    );
  });

  test("a clock that is far from this machine's is told, in either direction", async (context) => {
    const stage = await Stage.open();
    const environment = environmentFor(stage.databaseUrl, stage.simulator.url);
    const clock = await WrongClock.open(context, 3600);
    expect((await check({ ...environment, ...clock.environment })).findings).toContainEqual(
      found("clock", "warning", "3600 s ahead of", "NTP"),
    );
    await clock.set(-90);
    expect((await check({ ...environment, ...clock.environment })).findings).toContainEqual(
      found("clock", "warning", "90 s behind", "NTP"),
    );
  });
});

describe("the schema", () => {
  test("that is newer than the program is told", async () => {
    const stage = await Stage.open();
    await stage.sql("insert into talkme.migration (name, timestamp) values ('9999_later', '2099-01-01')");
    const report = await check(environmentFor(stage.databaseUrl, stage.simulator.url));
    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(found("schema", "problem", "9999_later", "run check again"));
  });

  test("privileges that its user lacks are named", async () => {
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

  test("one that its user may not even look at is told, and what can be seen without it", async () => {
    const stage = await Stage.open();
    const url = await connectAs(stage, "stranger", "revoke usage on schema talkme from stranger");
    const report = await check(environmentFor(url, stage.simulator.url));
    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(found("schema", "problem", "42501", "Grant it"));
    expect(fine(report, "clock")).toHaveLength(1);
  });

  test("a table without autovacuum and an index that an interrupted reindex left are named", async () => {
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

describe("a snapshot held for long", () => {
  test("is told with its process, user, application and state", async () => {
    const stage = await Stage.open();
    const url = new URL(stage.databaseUrl);
    url.searchParams.set("application_name", "monthly report");
    const holder = await stage.connect(url.href);
    await holder.query("begin isolation level repeatable read");
    const { rows } = await holder.query<{ pid: number }>("select pg_backend_pid() as pid");
    const watcher = await connectAs(stage, "watcher", "grant pg_read_all_stats to watcher");
    const environment = environmentFor(watcher, stage.simulator.url);

    // By default it would have to be an hour.
    expect(fine(await check(environment), "snapshots")).toEqual([expect.stringContaining("60 min")]);
    const { findings } = await check(environment, ["--snapshot", "0.001"]);
    const { detail, remedy } = findings.find(({ subject }) => subject === "snapshots") ?? {};
    expect(detail).toContain(`process ${rows[0]?.pid} of postgres (monthly report)`);
    expect(detail).toContain("idle in transaction");
    expect(remedy).toContain(`pg_terminate_backend(${rows[0]?.pid})`);
  });

  test("by a prepared transaction that nobody ends is told by its name", async () => {
    const server = await OwnServer.open({ settings: { max_prepared_transactions: "2" } });
    await server.sql("create table public.note (id integer)");
    await server.sql("begin; insert into public.note values (1); prepare transaction 'left over'");
    const { findings } = await check(environmentFor(server.url, server.simulator.url), [
      "--snapshot",
      "0.001",
    ]);
    expect(findings).toContainEqual(found("snapshots", "warning", "left over", "rollback prepared"));
  });

  test("cannot be seen by everybody: that is told instead of all being well", async () => {
    const stage = await Stage.open();
    const url = await connectAs(stage, "short_sighted");
    expect((await check(environmentFor(url, stage.simulator.url))).findings).toContainEqual(
      found("snapshots", "warning", "cannot be seen", "pg_read_all_stats"),
    );
  });
});

describe("what waits for a person", () => {
  test("a pause of yesterday is told as forgotten, and one of today is not", async () => {
    const stage = await Stage.open();
    await stage.sql(
      "create table if not exists talkme.paused (scope text, reason text, paused_by text, paused_at timestamptz)",
    );
    await stage.sql(`
      insert into talkme.paused (scope, reason, paused_by, paused_at) values
        ('campaign:123', 'wrong template', 'ana', now() - interval '3 days'), ('channel:9', 'test', 'rui', now())`);
    const report = await check(environmentFor(stage.databaseUrl, stage.simulator.url));

    expect(report.findings).toContainEqual(
      found(
        "pauses",
        "warning",
        "campaign:123 has been paused for 3 d by ana: wrong template",
        "resume('campaign:123')",
      ),
    );
    expect(fine(report, "pauses")).toEqual([expect.stringContaining("channel:9")]);
  });

  test("an open circuit and rows of an account that nobody has configured are told", async () => {
    const stage = await Stage.open();
    await stage.insert("11988887777", "account", "'vendas'");
    await stage.sql(
      "insert into talkme.circuit (account, kind, opened_at, half_open_at) values ('default', 'authentication', now(), now() + interval '30 min')",
    );
    const { findings } = await check(environmentFor(stage.databaseUrl, stage.simulator.url));

    expect(findings).toEqual(
      expect.arrayContaining([
        found("accounts", "warning", "vendas", "TALKME_CONFIG"),
        found("circuit", "warning", "account default (authentication)", "resume('account:default')"),
      ]),
    );
  });
});

describe("PgBouncer", () => {
  test.for([
    ["transaction", 2, 0, "ok", "pools transactions"],
    ["session", 3, 0, "ok", "pools sessions"],
    ["session", 2, 0, "warning", "gave out no second connection"],
    ["statement", 2, 1, "problem", "pools statements"],
  ] as const)(
    "in %s mode with %d connections is known as such",
    async ([mode, size, code, severity, detail], context) => {
      const stage = await Stage.open();
      const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, size, mode);
      const report = await check({
        ...environmentFor(pgbouncer.url, stage.simulator.url),
        TALKME_LISTEN_URL: stage.databaseUrl,
      });

      expect(report.findings).toContainEqual(
        expect.objectContaining({ subject: "pooler", severity, detail: expect.stringContaining(detail) }),
      );
      expect(report.code).toBe(code);
    },
  );

  test("a server without one is known as such", async () => {
    const stage = await Stage.open();
    const report = await check(environmentFor(stage.databaseUrl, stage.simulator.url));
    expect(fine(report, "pooler")).toEqual([expect.stringContaining("none")]);
  });

  test.for(["transaction", "statement"] as const)(
    "in %s mode cannot bring notifications: the reason is told, and what to set",
    async (mode, context) => {
      const stage = await Stage.open();
      const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, 2, mode);
      const { findings } = await check({
        ...environmentFor(stage.databaseUrl, stage.simulator.url),
        TALKME_LISTEN_URL: pgbouncer.url,
      });
      expect(findings).toContainEqual(
        found("notifications", "warning", `a pooler in ${mode} mode`, "TALKME_LISTEN_URL"),
      );
    },
  );

  test("a parameter of the URL that it refuses is told, and where to allow it", async (context) => {
    const stage = await Stage.open();
    const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, 2);
    const url = `${pgbouncer.url}?options=-c%20lock_timeout%3D60000`;
    const report = await check(environmentFor(url, stage.simulator.url));
    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(
      found("database", "problem", "startup parameter", "ignore_startup_parameters"),
    );
  });
});

test("notifications of another database are told as such", async () => {
  const [stage, other] = await Promise.all([Stage.open(), Stage.open()]);
  const { findings } = await check({
    ...environmentFor(stage.databaseUrl, stage.simulator.url),
    TALKME_LISTEN_URL: other.databaseUrl,
  });
  expect(findings).toContainEqual(found("notifications", "warning", "another database", "TALKME_LISTEN_URL"));
});
