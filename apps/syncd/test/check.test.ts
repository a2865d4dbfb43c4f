import { defaultIdCliente } from "@talkme/simulator";
import { emptyDatabase } from "@talkme/test-postgres/vitest";
import { describe, expect, onTestFinished, test } from "vitest";

import { check, fine, found, reportOf } from "./support/check.ts";
import { configFile } from "./support/config-file.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";
import { takenPort } from "./support/taken-port.ts";

describe("syncd check", () => {
  test("reports that run would work, changes nothing and sends nothing", async () => {
    const stage = await Stage.open();
    await stage.insert("11988887777");
    const checked = await Syncd.command(["check"], environmentFor(stage.databaseUrl, stage.simulator.url));

    expect(checked).toMatchObject({ code: 0, out: expect.stringContaining("syncd run would work.") });
    expect(stage.simulator.requests).toBe(0);
    expect(await stage.sql("select count(*)::integer from talkme.instance")).toEqual([{ count: 0 }]);
    expect(await stage.count("status = 'pending' and attempts = 0")).toBe(1);
  });

  test("gives every problem and warning a remedy", async () => {
    const environment = environmentFor("postgresql://127.0.0.1:1/app", "http://127.0.0.1:1");
    const { code, findings } = reportOf(await Syncd.command(["check", "--json"], environment));
    expect(code).toBe(1);
    for (const { severity, remedy } of findings) expect(severity === "ok").toBe(remedy === undefined);
  });
});

describe("settings", () => {
  test("that are wrong do not keep it from finding a missing schema and an unreachable API", async () => {
    const database = await emptyDatabase();
    onTestFinished(() => database.drop());
    const finished = await Syncd.command(["check", "--json"], {
      TALKME_DATABASE_URL: database.url,
      TALKME_BASE_URL: "http://127.0.0.1:1",
      TALKME_ID_CLIENTE: defaultIdCliente,
      TALKME_CONCURRENCY: "many",
      TALKME_TOKEN_FILE: "/nowhere/token",
    });
    const report = reportOf(finished);

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

  test("that only the client refuses are reported", async () => {
    const stage = await Stage.open();
    const report = await check({
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_CONFIG: configFile('accounts: { promo: { id_cliente: 7, token: "\\uD800" } }'),
    });
    expect(report).toMatchObject({ code: 78, ok: false });
    expect(report.findings).toContainEqual(found("settings", "problem", "account promo", "Correct it"));
  });

  test("that conflict or are misspelt are reported", async () => {
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
        found("settings", "warning", "TALKME_DRAIN_TIMEOUT_MS (1000) is shorter", "Make the drain timeout"),
        found("settings", "warning", "TALKME_CONCURENCY", "Correct the name"),
      ]),
    );
  });
});

describe("HTTP", () => {
  test("a port taken by another program is a problem; one taken by a syncd is not", async () => {
    const stage = await Stage.open();
    const environment = environmentFor(stage.databaseUrl, stage.simulator.url);

    const taken = await check({ ...environment, TALKME_HTTP_PORT: await takenPort() });
    expect(taken.code).toBe(78);
    expect(taken.findings).toContainEqual(
      found("HTTP", "problem", "EADDRINUSE", "choose another TALKME_HTTP_PORT"),
    );

    const running = stage.run();
    const own = await check({ ...environment, TALKME_HTTP_PORT: new URL(await running.http()).port });
    expect(own.code).toBe(0);
    expect(fine(own, "HTTP")).toEqual([expect.stringContaining("a running syncd")]);
  });

  test("an address that this machine does not have is a problem", async () => {
    const stage = await Stage.open();
    const report = await check({
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_HTTP_HOST: "192.0.2.1",
    });
    expect(report.findings).toContainEqual(found("HTTP", "problem", "EADDRNOTAVAIL", "TALKME_HTTP_HOST"));
  });

  test("metrics open to the network are reported unless a token protects them or somebody says that the network does", async () => {
    const stage = await Stage.open();
    const environment = {
      ...environmentFor(stage.databaseUrl, stage.simulator.url),
      TALKME_HTTP_HOST: "0.0.0.0",
    };
    expect((await check(environment)).findings).toContainEqual(
      found("HTTP", "warning", "open to other machines", "TALKME_METRICS_TOKEN"),
    );
    for (const token of ["0123456789abcdef", "off"]) {
      const report = await check({ ...environment, TALKME_METRICS_TOKEN: token });
      expect(fine(report, "HTTP")).toEqual(["0.0.0.0:0 is free."]);
    }
  });
});

test.each([
  ["a host of another network is reported", "http://api.invalid:1", true],
  ["a container's name is not, as the simulator's in Compose", "http://no-such-simulator:1", false],
])("an API without encryption: %s", async (_, url, isReported) => {
  const stage = await Stage.open();
  const report = await check(environmentFor(stage.databaseUrl, url));
  const warnings = report.findings.filter(({ detail }) => detail.includes("is not encrypted"));
  expect(warnings).toHaveLength(isReported ? 1 : 0);
});

describe("what waits for a person", () => {
  test("yesterday's pause is reported as forgotten, today's is not", async () => {
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
        "campaign:123 has been paused for 3 days by ana: wrong template",
        "resume('campaign:123')",
      ),
    );
    expect(fine(report, "pauses")).toEqual([expect.stringContaining("channel:9")]);
  });

  test("an open circuit and rows of an unconfigured account are reported", async () => {
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
