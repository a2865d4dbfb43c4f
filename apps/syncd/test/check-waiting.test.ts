import { expect, test } from "vitest";

import { configFile } from "./support/config-file.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor, Syncd } from "./support/syncd.ts";
import { takenPort } from "./support/taken-port.ts";

interface Finding {
  readonly subject: string;
  readonly severity: "ok" | "warning" | "problem";
  readonly detail: string;
  readonly remedy?: string;
}

interface Report {
  readonly code: unknown;
  readonly findings: readonly Finding[];
}

/** Runs `syncd check --json` against the stage, with further variables. */
async function check(stage: Stage, settings: Readonly<Record<string, string>> = {}): Promise<Report> {
  const environment = { ...environmentFor(stage.databaseUrl, stage.simulator.url), ...settings };
  const { code, out, err } = await Syncd.command(["check", "--json"], environment);
  if (!out.startsWith("{")) throw new Error(`check printed no report: ${out}${err}`);
  return { code, ...JSON.parse(out) };
}

function found(subject: string, severity: Finding["severity"], detail: string, remedy: string): unknown {
  return {
    subject,
    severity,
    detail: expect.stringContaining(detail),
    remedy: expect.stringContaining(remedy),
  };
}

test("a dead instance that nobody replaces is reported", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    insert into talkme.instance (name, version, host, pid, lease_seconds, heartbeat_at)
    values ('dead', '1', 'here', 1, 30, now() - interval '2 hours 1 minute')`);
  const { code, findings } = await check(stage);
  expect(code).toBe(0);
  expect(findings).toContainEqual(found("instances", "warning", "heard from 2 hr ago", "start it again"));

  const syncd = stage.run();
  await syncd.logged("sending");
  expect((await check(stage)).findings).toContainEqual({
    subject: "instances",
    severity: "ok",
    detail: "1 alive.",
  });
});

test("an inactive campaign is reported while its rows wait", async () => {
  const stage = await Stage.open();
  const id = await stage.insert("11988887777");
  await stage.sql(
    "insert into talkme.campaign (id_campanha, name, active) values (1, 'a', false), (11, 'b', false)",
  );
  const { findings } = await check(stage);
  expect(findings.filter(({ subject }) => subject === "campaigns")).toEqual([
    found("campaigns", "warning", "campaign 1 of account default", "set active = true"),
  ]);

  await stage.sql(`select talkme.cancel(${id})`);
  expect((await check(stage)).findings.filter(({ subject }) => subject === "campaigns")).toEqual([]);
});

test("check and status report a campaign that the API does not find, with what ends its wait", async () => {
  const stage = await Stage.open();
  await stage.insert("11988887777");
  await stage.insert("11988887778", "priority", "1");
  await stage.sql("insert into talkme.outbox (email_dest, id_wpp, txtmsg) values ('a@b.example', 9, 'oi')");
  await stage.sql(`
    insert into talkme.lane (lane, account, not_founds, quiet_until)
    select distinct lane, account, 3, now() + interval '5 minutes' from talkme.outbox`);
  const { findings } = await check(stage);
  expect(findings.filter(({ subject }) => subject === "campaigns")).toEqual([
    found("campaigns", "warning", "default/-/9 is left alone", "talkme.resume('channel:9')"),
    found("campaigns", "warning", "3 times in a row", "talkme.resume('campaign:1')"),
  ]);

  const { out } = await Syncd.command(["status"], { TALKME_DATABASE_URL: stage.databaseUrl });
  expect(out.replaceAll(/\s+/g, " ")).toMatch(
    /- default\/1\/- is left alone: the API did not find it 3 times in a row; [^-]*talkme\.resume\('campaign:1'\);/,
  );
});

test("a file that the database refuses is a configuration error to check as to run, and check changes nothing", async () => {
  const stage = await Stage.open();
  await stage.sql("insert into talkme.account (account, retention) values ('default', '90 days')");
  const settings = { TALKME_CONFIG: configFile("retention: { default: { delete_after_days: 30 } }") };
  const { code, findings } = await check(stage, settings);
  expect(code).toBe(78);
  expect(findings).toContainEqual(found("settings", "problem", "deleted after 30 days", "talkme.account"));
  expect(await stage.run(settings).exit()).toBe(78);

  const fits = { TALKME_CONFIG: configFile("retention: { default: { delete_after_days: 90 } }") };
  expect((await check(stage, fits)).code).toBe(0);
  expect(await stage.sql("select delete_after from talkme.account")).toEqual([{ delete_after: null }]);
});

test("a taken port is a configuration error to check as to run", async () => {
  const stage = await Stage.open();
  const settings = { TALKME_HTTP_PORT: await takenPort() };
  expect((await check(stage, settings)).code).toBe(78);
  expect(await stage.run(settings).exit()).toBe(78);
});

test("an unencrypted connection for notifications alone is reported", async () => {
  const stage = await Stage.open();
  const { findings } = await check(stage, {
    TALKME_LISTEN_URL: "postgresql://talkme@db.invalid:5432/app",
  });
  expect(findings).toContainEqual(
    found("TLS of TALKME_LISTEN_URL", "warning", "not encrypted", "sslmode=verify-full"),
  );
  expect((await check(stage)).findings.map(({ subject }) => subject)).not.toContain(
    "TLS of TALKME_LISTEN_URL",
  );
});
