import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { defaultIdCliente, defaultToken } from "@talkme/simulator";
import { expect, onTestFinished, test } from "vitest";

import { scrape } from "./support/scrape.ts";
import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";

function about(syncd: Syncd, id: string): readonly unknown[] {
  return syncd.log
    .filter((line) => line["id"] === id)
    .map(({ level, msg, status, attempt, outcome, code, to }) => ({
      level,
      msg,
      status,
      attempt,
      outcome,
      code,
      to,
    }));
}

/** A file for a setting that changes while the daemon runs. */
async function settingFile(value: string): Promise<{ path: string; write: (text: string) => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "talkme-setting-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, "value");
  await writeFile(path, value);
  return { path, write: (text) => writeFile(path, text) };
}

/** A file of settings with one more account. */
function promoWith(token: string): string {
  return `accounts: { promo: { id_cliente: 77, token: "${token}" } }`;
}

test("each change of a row's state logs one line, with its number masked", async () => {
  const stage = await Stage.open();
  stage.faults({ match: { numero: "11988887772", first: 1 }, do: { kind: "status", status: 503 } });
  const syncd = stage.run();
  const sent = await stage.insert("11988887771");
  const retried = await stage.insert("11988887772");
  const refused = await stage.insert("+51912345673");
  await stage.reaches(sent, "sent");
  await stage.reaches(retried, "sent");
  await stage.reaches(refused, "failed");

  expect(about(syncd, sent)).toEqual([
    { level: "debug", msg: "claimed", attempt: 1, to: "11*****7771" },
    {
      level: "info",
      msg: "sent",
      status: "sent",
      attempt: 1,
      outcome: "accepted",
      code: null,
      to: "11*****7771",
    },
  ]);
  expect(about(syncd, retried)).toMatchObject([
    { msg: "claimed", attempt: 1 },
    { level: "warn", msg: "not sent", status: "pending", outcome: "not_sent", attempt: 1 },
    { msg: "claimed", attempt: 2 },
    { level: "info", msg: "sent", attempt: 2 },
  ]);
  expect(about(syncd, refused)).toMatchObject([
    { msg: "claimed" },
    { level: "warn", msg: "not sent", status: "failed", to: expect.stringMatching(/^[+0-9]*[*]+5673$/) },
  ]);
});

test("a row of which nobody knows whether it was sent is logged so, held or sent again", async () => {
  const stage = await Stage.open();
  stage.faults({ match: { firstPerRecipient: 1 }, do: { kind: "status", status: 500 } });
  const syncd = stage.run();
  const held = await stage.insert("11988887771");
  const again = await stage.insert("11988887772", "on_unknown", "'resend'");
  await stage.reaches(held, "unknown");
  await stage.reaches(again, "sent");
  const line = { level: "warn", msg: "may have been sent", outcome: "unknown" };
  expect(about(syncd, held)).toMatchObject([{ msg: "claimed" }, { ...line, status: "unknown" }]);
  expect(about(syncd, again)).toMatchObject([
    { msg: "claimed" },
    { ...line, status: "pending" },
    { msg: "claimed" },
    { msg: "sent" },
  ]);
});

test("a row that its claim ends or puts off also logs one line, with its number masked", async () => {
  const stage = await Stage.open();
  await stage.sql(
    "insert into talkme.campaign (id_campanha, name, recipient_gap) values (1, 'Promo', '1 hour')",
  );
  const sent = await stage.insert("11988887775");
  const later = await stage.insert("11988887775");
  const unwanted = await stage.insert("11988887774");
  await stage.sql("insert into talkme.suppression (recipient, reason) values ('5511988887774', 'asked')");
  const syncd = stage.run();
  await stage.reaches(sent, "sent");
  await stage.reaches(unwanted, "cancelled");

  expect(await syncd.logged("put off")).toMatchObject({
    level: "debug",
    id: later,
    status: "pending",
    code: "recipient_gap",
    to: "11*****7775",
  });
  await syncd.logged("not sent");
  expect(about(syncd, unwanted)).toEqual([
    {
      level: "warn",
      msg: "not sent",
      status: "cancelled",
      attempt: 0,
      outcome: null,
      code: "suppressed",
      to: "11*****7774",
    },
  ]);
  const metrics = await (await fetch(`${await syncd.http()}/metrics`)).text();
  for (const [code, rows] of [
    ["suppressed", 1],
    ["recipient_gap", 1],
    ["expired", 0],
  ] as const)
    expect(metrics).toContain(`talkme_passed_rows_total{account="default",code="${code}"} ${rows}\n`);
});

test("a row that expires unclaimed logs the same line as one that a claim finds expired", async () => {
  const stage = await Stage.open();
  await stage.sql("select talkme.pause('campaign:1', 'prices are wrong')");
  const late = await stage.insert("11988887776", "expires_at", "now() + interval '100 milliseconds'");
  await expect.poll(() => stage.count("expires_at < now()")).toBe(1);
  const syncd = stage.run();
  await stage.reaches(late, "expired");
  await syncd.logged("not sent");
  expect(about(syncd, late)).toEqual([
    {
      level: "warn",
      msg: "not sent",
      status: "expired",
      attempt: 0,
      outcome: null,
      code: "expired",
      to: "11*****7776",
    },
  ]);
});

test("a rescued row logs a line as complete as any other about a row", async () => {
  const stage = await Stage.open();
  stage.faults({ do: { kind: "hang", when: "after" } });
  const killed = stage.run({ TALKME_LEASE_SECONDS: "3" });
  const id = await stage.insert("11988887775");
  await stage.reaches(id, "sending");
  killed.signal("SIGKILL");
  await killed.exit();
  const syncd = stage.run({ TALKME_LEASE_SECONDS: "3" });
  await stage.reaches(id, "unknown");
  const line = await syncd.logged("the instance that was sending this row died");
  expect(line).toMatchObject({ id, account: "default", instance: expect.any(String) });
  expect(about(syncd, id)).toEqual([
    expect.objectContaining({ status: "unknown", attempt: 1, code: "instance_lost", to: "11*****7775" }),
  ]);
});

test("repeated failures are sampled, and the omitted ones are counted", async () => {
  const stage = await Stage.open();
  await stage.sql(`
    insert into talkme.outbox (numero_dest, id_campanha)
    select '+519123456' || (10 + i), 1 from generate_series(1, 60) as i`);
  const syncd = stage.run({ TALKME_LOG_LEVEL: "info" });
  await expect.poll(() => stage.count("status = 'failed'")).toBe(60);
  const leftOut = (await scrape(syncd)).get("talkme_log_lines_left_out_total");
  syncd.signal("SIGTERM");
  expect(await syncd.exit()).toBe(0);

  const written = syncd.log.filter(({ msg }) => msg === "not sent");
  expect(written).toHaveLength(20);
  expect(leftOut).toBe(40);
  expect(syncd.log.filter(({ msg }) => msg === "repeated lines were left out")).toMatchObject([
    { level: "warn", line: "not sent", status: "failed", account: "default", left_out: 40 },
  ]);
});

test("it begins with the effective configuration, without secrets", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  const line = await syncd.logged("configuration");
  expect(line).toMatchObject({
    settings: {
      concurrency: 8,
      log_level: "debug",
      accounts: [{ name: "default", base_url: stage.simulator.url }],
      rates_per_second: { "account:default": 0 },
    },
  });
  const { password } = new URL(stage.databaseUrl);
  for (const secret of [defaultToken, password]) expect(JSON.stringify(line)).not.toContain(secret);
});

test("SIGHUP reloads limits, level and token; an invalid value changes nothing", async () => {
  const stage = await Stage.open();
  const concurrency = await settingFile("2");
  const rate = await settingFile("0.01");
  const token = await settingFile("errado");
  const level = await settingFile("info");
  const syncd = stage.run({
    TALKME_CONCURRENCY_FILE: concurrency.path,
    TALKME_RATE_PER_SECOND: "",
    TALKME_RATE_PER_SECOND_FILE: rate.path,
    TALKME_TOKEN: "",
    TALKME_TOKEN_FILE: token.path,
    TALKME_LOG_LEVEL: "",
    TALKME_LOG_LEVEL_FILE: level.path,
  });
  const limits = async (): Promise<unknown> => {
    const metrics = await scrape(syncd);
    return {
      concurrency: metrics.get("talkme_concurrency_limit"),
      rate: metrics.get('talkme_rate_limit_per_second{scope="account:default"}'),
    };
  };
  await syncd.logged("sending");
  expect(await limits()).toEqual({ concurrency: 2, rate: 0.01 });

  await concurrency.write("muitas");
  syncd.signal("SIGHUP");
  expect(await syncd.logged("configuration not reloaded: it is wrong")).toMatchObject({
    problems: [expect.stringContaining("TALKME_CONCURRENCY")],
  });
  expect(await limits()).toEqual({ concurrency: 2, rate: 0.01 });

  await Promise.all([
    concurrency.write("30"),
    rate.write("500"),
    token.write(defaultToken),
    level.write("debug"),
  ]);
  syncd.signal("SIGHUP");
  expect(await syncd.logged("configuration reloaded")).toMatchObject({
    changed: ["accounts", "concurrency", "log_level", "rates_per_second"],
    need_restart: [],
  });
  expect(await limits()).toEqual({ concurrency: 30, rate: 500 });
  stage.faults({ do: { kind: "latency", ms: 400 } });
  await stage.reaches(await stage.insert("11988887770"), "sent");
  await stage.insertMany(1, 60);
  await expect.poll(() => stage.count("status = 'sending'"), { interval: 20 }).toBe(30);
  await expect.poll(() => stage.count("status = 'sent'")).toBe(61);
  expect(syncd.log.some(({ level: lineLevel }) => lineLevel === "debug")).toBe(true);
});

test("SIGHUP with settings that no client accepts changes nothing, and the daemon goes on", async () => {
  const accounts = [
    { idCliente: defaultIdCliente, token: defaultToken },
    { idCliente: "77", token: "of-promo" },
  ];
  const stage = await Stage.open({ accounts });
  const file = await settingFile(promoWith("of-promo"));
  const syncd = stage.run({ TALKME_CONFIG: file.path });
  await syncd.logged("sending");

  // A lone surrogate passes the only check on a token in the file, no white space, but is not valid Unicode.
  await file.write(promoWith("\\uD800"));
  syncd.signal("SIGHUP");
  expect(await syncd.logged("configuration not reloaded: it is wrong")).toMatchObject({
    problems: [expect.stringMatching(/^account promo: .*token/)],
  });
  await stage.reaches(await stage.insert("11988887770", "account", "'promo'"), "sent");

  await file.write(promoWith("of-promo"));
  syncd.signal("SIGHUP");
  // Refused settings are not in force.
  expect(await syncd.logged("configuration reloaded")).toMatchObject({ changed: [] });
});

test("SIGUSR2 makes it log everything until the next SIGUSR2", async () => {
  const stage = await Stage.open();
  const syncd = stage.run({ TALKME_LOG_LEVEL: "info" });
  await syncd.logged("sending");
  const claims = (): number => syncd.log.filter(({ msg }) => msg === "claimed").length;

  await stage.reaches(await stage.insert("11988887771"), "sent");
  expect(claims()).toBe(0);

  syncd.signal("SIGUSR2");
  await syncd.logged("log level changed");
  await stage.reaches(await stage.insert("11988887772"), "sent");
  expect(claims()).toBe(1);

  syncd.signal("SIGUSR2");
  await expect
    .poll(() => syncd.log.filter(({ msg }) => msg === "log level changed").map((line) => line["log_level"]))
    .toEqual(["debug", "info"]);
  await stage.reaches(await stage.insert("11988887773"), "sent");
  expect(claims()).toBe(1);
});
