import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findFreePort } from "@talkme/test-postgres";
import { expect, onTestFinished, test } from "vitest";

import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

/** A pipe whose read end is open, and that only the test reads. */
function openPipe(): { readonly fd: number; readonly read: () => string } {
  const folder = mkdtempSync(join(tmpdir(), "talkme-pipe-"));
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  const fd = openSync(path, "r+");
  const reader = openSync(path, "r");
  onTestFinished(() => {
    for (const one of [fd, reader]) closeSync(one);
    rmSync(folder, { recursive: true });
  });
  const buffer = Buffer.alloc(65_536);
  return { fd, read: () => buffer.toString("utf8", 0, readSync(reader, buffer)) };
}

/** A daemon that writes there, with an HTTP port that need not be read from its log. */
async function runInto(stage: Stage, output: number, settings: Readonly<Record<string, string>> = {}) {
  const port = await findFreePort();
  const syncd = Syncd.runInto(output, stage.databaseUrl, stage.simulator.url, {
    TALKME_HTTP_PORT: String(port),
    ...settings,
  });
  const metric = async (name: string): Promise<number> => {
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    return Number(new RegExp(String.raw`^${name} (\d+)$`, "m").exec(text)?.[1]);
  };
  return { syncd, metric, dropped: () => metric("talkme_log_lines_dropped_total") };
}

async function heartbeat(stage: Stage): Promise<string> {
  return String((await stage.sql("select max(heartbeat_at)::text as at from talkme.instance"))[0]?.["at"]);
}

test("an unread pipe does not stop sending, heartbeats or SIGTERM; dropped lines are reported once it flows", async () => {
  const stage = await Stage.open();
  const pipe = openPipe();
  const { syncd, dropped } = await runInto(stage, pipe.fd, { TALKME_LEASE_SECONDS: "3" });
  await stage.insertMany(1, 1500);
  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 60_000 }).toBe(1500);
  const lost = await dropped();
  expect(lost).toBeGreaterThan(0);
  const before = await heartbeat(stage);
  await expect.poll(() => heartbeat(stage), { timeout: 10_000 }).not.toBe(before);

  let read = "";
  await expect
    .poll(() => (read += pipe.read()), { interval: 1, timeout: 30_000 })
    .toContain("log lines were dropped");
  const line = read.split("\n").find((one) => one.includes("log lines were dropped"));
  expect(JSON.parse(line ?? "")).toMatchObject({ level: "warn", dropped: lost });

  await stage.insertMany(2, 1500);
  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 60_000 }).toBe(3000);
  syncd.signal("SIGTERM");
  expect(await syncd.exit()).toBe(0);
  expect(await stage.count("status <> 'sent'")).toBe(0);
});

test("SIGTERM drains behind a full pipe: rows on the wire get their answers", async () => {
  const stage = await Stage.open();
  const pipe = openPipe();
  const { syncd } = await runInto(stage, pipe.fd);
  await stage.insertMany(1, 1500);
  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 60_000 }).toBe(1500);
  stage.faults({ do: { kind: "latency", ms: 500 } });
  await stage.insertMany(1, 8);
  await expect.poll(() => stage.count("status = 'sending'"), { interval: 20 }).toBe(8);
  syncd.signal("SIGTERM");
  expect(await syncd.exit()).toBe(0);
  expect(await stage.count("status <> 'sent'")).toBe(0);
});

test("a full disk behind standard output stops nothing, and lost lines are counted", async () => {
  const stage = await Stage.open();
  const full = openSync("/dev/full", "w");
  onTestFinished(() => closeSync(full));
  const { syncd, dropped } = await runInto(stage, full);
  await stage.insertMany(1, 1500);
  await expect.poll(() => stage.count("status = 'sent'"), { timeout: 60_000 }).toBe(1500);
  expect(await dropped()).toBeGreaterThan(0);
  syncd.signal("SIGTERM");
  expect(await syncd.exit()).toBe(0);
});

test("a reader that goes away stops nothing", async () => {
  const stage = await Stage.open();
  const syncd = stage.run();
  await syncd.logged("sending");
  syncd.closeOutput();
  const id = await stage.insert("11988887770");
  await stage.reaches(id, "sent");
  await stage.reaches(await stage.insert("11988887771"), "sent");
  syncd.signal("SIGTERM");
  expect(await syncd.exit()).toBe(0);
});
