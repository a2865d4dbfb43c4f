import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";

import { Health } from "../src/service/health.ts";
import { ServiceManager } from "../src/service/service-manager.ts";
import { NotifySocket } from "./support/notify-socket.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

const watchdog = { WATCHDOG_USEC: "300000" };

describe("systemd", () => {
  test("is notified of readiness, status, watchdog pings and the stop", async (context) => {
    const socket = await NotifySocket.open(context);
    const stage = await Stage.open();
    const syncd = stage.run({ ...socket.environment, ...watchdog });

    await expect.poll(() => socket.heard).toContain("READY=1");
    await expect.poll(() => socket.heard).toContain("WATCHDOG=1\nSTATUS=ready");
    expect(socket.heard).not.toContain("STOPPING=1");
    syncd.signal("SIGTERM");
    await expect.poll(() => socket.heard).toContain("STOPPING=1");
    expect(await syncd.exit()).toBe(0);
  });

  test("has its watchdog fed while the database is down: a restart would not help", async (context) => {
    const socket = await NotifySocket.open(context);
    Syncd.run("postgresql://127.0.0.1:1/app", "http://127.0.0.1:1", { ...socket.environment, ...watchdog });

    await expect.poll(() => socket.heard).toContain("READY=1");
    await expect.poll(() => socket.heard).toMatch(/WATCHDOG=1\nSTATUS=.*ECONNREFUSED/);
  });

  test("has its watchdog fed only while the loop makes progress", async (context) => {
    const socket = await NotifySocket.open(context);
    const health = new Health(1500);
    const service = new ServiceManager(
      { ...socket.environment, ...watchdog },
      health,
      pino({ level: "silent" }),
    );
    onTestFinished(() => service.close());
    service.start(new AbortController().signal);
    await expect.poll(() => socket.heard).toContain("WATCHDOG=1");

    await expect.poll(() => health.live().ok).toBe(false);
    await expect.poll(() => socket.heard).toMatch(/no progress/);
    socket.forget();
    // It keeps reporting its status.
    await expect.poll(() => socket.heard.split("no progress").length).toBeGreaterThan(2);
    expect(socket.heard).not.toContain("WATCHDOG=1");

    health.progressed();
    await expect.poll(() => socket.heard).toContain("WATCHDOG=1");
  });

  test("that watches another process gets no watchdog pings from this one", async (context) => {
    const socket = await NotifySocket.open(context);
    const stage = await Stage.open();
    const syncd = stage.run({ ...socket.environment, ...watchdog, WATCHDOG_PID: "1" });
    await syncd.logged("sending");
    await expect.poll(() => socket.heard).toContain("READY=1");
    syncd.signal("SIGTERM");
    await syncd.exit();
    expect(socket.heard).not.toContain("WATCHDOG=1");
  });
});

test("a systemd-notify that cannot be started is reported, and ends nothing", async () => {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line) => void lines.push(line) });
  // Node throws at once, as when the machine has no memory for another process.
  const service = new ServiceManager({ NOTIFY_SOCKET: "no\0path" }, new Health(), log);
  onTestFinished(() => service.close());
  service.start(new AbortController().signal);
  await expect.poll(() => lines.join("")).toContain("cannot notify systemd");
});

test("a missing systemd-notify is reported once, and rows are still sent", async () => {
  const stage = await Stage.open();
  const syncd = stage.run({ ...watchdog, NOTIFY_SOCKET: "/nowhere/notify", PATH: "/nowhere" });
  await syncd.logged("cannot notify systemd");
  await stage.reaches(await stage.insert("11988887777"), "sent");
  expect(syncd.log.filter(({ msg }) => msg === "cannot notify systemd")).toHaveLength(1);
});
