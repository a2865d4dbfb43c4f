import { stat } from "node:fs";

import { TalkmeClient } from "@talkme/core";
import type { Accepted } from "@talkme/core";
import { describe, expect, it } from "vitest";

import { account, failureOf, message } from "./failed-call.ts";
import { respond, startRawServer } from "./raw-server.ts";
import type { RawServer } from "./raw-server.ts";

/** Calls back in the poll phase, so that an immediate comes before anything that has just arrived is read. */
function inPollPhase<T>(action: () => T): Promise<T> {
  return new Promise((resolve) => {
    stat(".", () => resolve(action()));
  });
}

/** Calls back in the check phase, so that what has just arrived is read before an immediate comes. */
function inCheckPhase<T>(action: () => T): Promise<T> {
  return new Promise((resolve) => {
    setImmediate(() => resolve(action()));
  });
}

function cutIdleSockets(server: RawServer, how: "reset" | "end"): void {
  for (const socket of server.sockets) {
    if (how === "reset") socket.resetAndDestroy();
    else socket.destroy();
  }
}

/** A call on a connection that is cut in the same tick, from a client that has used that connection once. */
async function callWhileCut(
  how: "reset" | "end",
  phase: <T>(action: () => T) => Promise<T>,
  check: (call: Promise<Accepted>, server: RawServer) => Promise<void>,
): Promise<void> {
  await using server = await startRawServer((request) => respond(request, "1"));
  await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
  await client.send(message);
  const { call } = await phase(() => {
    cutIdleSockets(server, how);
    return { call: client.send({ ...message, txtmsg: "second" }) };
  });
  await check(call, server);
}

const arrived = (server: RawServer): number =>
  server.requests.filter(({ head }) => head.includes("txtmsg=second")).length;

describe("an idle connection that the server cuts", () => {
  it("before the write, by a reset: not_sent, and it was not", async () => {
    await callWhileCut("reset", inCheckPhase, async (call, server) => {
      expect(await failureOf(call)).toMatchObject({
        outcome: "not_sent",
        code: "connection_lost_before_send",
      });
      expect(arrived(server)).toBe(0);
    });
  });

  it("before the write, by an orderly end: sent once, on a new connection", async () => {
    await callWhileCut("end", inCheckPhase, async (call, server) => {
      expect(await call).toMatchObject({ outcome: "accepted" });
      expect(arrived(server)).toBe(1);
    });
  });

  it.each(["reset", "end"] as const)("as the request is written, by %s: unknown", async (how) => {
    await callWhileCut(how, inPollPhase, async (call) => {
      expect(await failureOf(call)).toMatchObject({ outcome: "unknown", code: "connection_lost" });
    });
  });
});
