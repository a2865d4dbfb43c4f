import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";

import { Health } from "../src/service/health.ts";
import { ServiceManager } from "../src/service/service-manager.ts";
import { NotifySocket } from "./support/notify-socket.ts";
import { Stage } from "./support/stage.ts";
import { Syncd } from "./support/syncd.ts";

const watchdog = { WATCHDOG_USEC: "300000" };

describe("systemd", () => {
  test("is told that it is ready, how it is, that its watchdog may rest, and that it stops", async (context) => {
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

  test("has its watchdog fed while the database is away: a restart would not bring it back", async (context) => {
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
    // It goes on telling how it is.
    await expect.poll(() => socket.heard.split("no progress").length).toBeGreaterThan(2);
    expect(socket.heard).not.toContain("WATCHDOG=1");

    health.progressed();
    await expect.poll(() => socket.heard).toContain("WATCHDOG=1");
  });

  test("that watches another process is not told that this one lives", async (context) => {
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

test("a systemd-notify that cannot even be tried is told of, and ends nothing", async () => {
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line) => void lines.push(line) });
  // Node throws at once, as it does where the machine has no memory for another process.
  const service = new ServiceManager({ NOTIFY_SOCKET: "no\0path" }, new Health(), log);
  onTestFinished(() => service.close());
  service.start(new AbortController().signal);
  await expect.poll(() => lines.join("")).toContain("cannot notify systemd");
});

test("a machine whose systemd-notify is missing is told so once, and rows are sent all the same", async () => {
  const stage = await Stage.open();
  const syncd = stage.run({ ...watchdog, NOTIFY_SOCKET: "/nowhere/notify", PATH: "/nowhere" });
  await syncd.logged("cannot notify systemd");
  await stage.reaches(await stage.insert("11988887777"), "sent");
  expect(syncd.log.filter(({ msg }) => msg === "cannot notify systemd")).toHaveLength(1);
});
