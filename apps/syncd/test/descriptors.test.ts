import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { connect, type Socket } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { Stage } from "./support/stage.ts";
import type { Syncd } from "./support/syncd.ts";

const descriptors = ({ pid }: Syncd): number => readdirSync(`/proc/${pid}/fd`).length;

function allow({ pid }: Syncd, files: number): void {
  execFileSync("prlimit", ["--pid", String(pid), `--nofile=${files}:4096`]);
}

async function startWith(stage: Stage): Promise<{ readonly syncd: Syncd; readonly url: URL }> {
  // Without a budget, Node raises the limit to the hard one.
  const syncd = stage.run({ TALKME_LEASE_SECONDS: "3" });
  const url = new URL(await syncd.http());
  await syncd.logged("sending");
  return { syncd, url };
}

/** Connections that this side does not close. */
async function hold(url: URL, count: number, says: string, reads: boolean): Promise<void> {
  const sockets: Socket[] = [];
  for (let i = 0; i < count; i += 1) {
    const socket = connect(Number(url.port), url.hostname);
    socket.on("error", () => "Its close follows.");
    if (reads) socket.resume();
    sockets.push(socket);
  }
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  await Promise.all(
    sockets.map(async (socket) => {
      await Promise.race([once(socket, "connect"), once(socket, "close")]);
      if (socket.writable) socket.write(says);
    }),
  );
}

test.each([
  ["half heads", "GET /metrics HTTP/1.1\r\nHost: x\r\n", true],
  ["nothing", "", true],
  ["a request, and then nothing", "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", true],
  ["half bodies", "POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx", true],
  [
    "20 requests at once whose answers they do not read",
    "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n".repeat(20),
    false,
  ],
])(
  "400 connections to the HTTP port that send %s leave descriptors for sending, and probes are answered",
  { timeout: 60_000 },
  async (_what, says, reads) => {
    const stage = await Stage.open();
    const { syncd, url } = await startWith(stage);
    allow(syncd, 256);
    await hold(url, 400, says, reads);
    await stage.insertMany(1, 50);
    await expect.poll(() => stage.count("status = 'sent'"), { timeout: 20_000 }).toBe(50);
    expect(await stage.count("attempts <> 1")).toBe(0);
    await expect
      .poll(async () => (await fetch(new URL("/livez", url)).catch(() => null))?.status, { timeout: 10_000 })
      .toBe(200);
    expect(descriptors(syncd)).toBeLessThan(128);
    // After five seconds none of them has anything left to ask for.
    await expect.poll(() => descriptors(syncd), { timeout: 20_000 }).toBeLessThan(60);
  },
);

test("without descriptors a request is provably not sent, and everything goes on once some are free", async () => {
  const stage = await Stage.open();
  const { syncd } = await startWith(stage);
  allow(syncd, descriptors(syncd));
  const id = await stage.insert("11988887770", "max_attempts", "1000");
  await expect
    .poll(async () => (await stage.sql(`select outcome, error_code from talkme.attempt limit 1`))[0], {
      timeout: 20_000,
    })
    .toMatchObject({ outcome: "not_sent" });
  allow(syncd, 256);
  await stage.reaches(id, "sent");
  expect(stage.simulator.ledger.size).toBe(1);
  syncd.signal("SIGTERM");
  expect(await syncd.exit()).toBe(0);
});
