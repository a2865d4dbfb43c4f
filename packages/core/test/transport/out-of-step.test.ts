import { setTimeout as sleep } from "node:timers/promises";

import { TalkmeClient } from "@talkme/core";
import { describe, expect, it } from "vitest";

import { account, failureOf, message } from "./failed-call.ts";
import { respond, startRawServer } from "./raw-server.ts";
import type { RawRequest } from "./raw-server.ts";

const answer = (body: string, head = "HTTP/1.1 200 OK"): string =>
  `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const accepted = answer("1");
const refusal = answer("recusado", "HTTP/1.1 400 Bad");

/** A stray answer after each third refusal, so many milliseconds later. */
function strayAfter(delayMs: number): (request: RawRequest) => void {
  return ({ socket, number }) => {
    socket.write(refusal);
    if (number % 3 !== 0) return;
    if (delayMs === 0) socket.write(accepted);
    else setTimeout(() => socket.writable && socket.write(accepted), delayMs);
  };
}

describe("an answer that nobody asked for", () => {
  it.each([0, 1, 5, 20, 50])(
    "after %d ms is taken for no request's: none of 150 refusals becomes an acceptance",
    async (delayMs) => {
      await using server = await startRawServer(strayAfter(delayMs));
      await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 48 });
      let left = 150;
      const outcomes: string[] = [];
      const worker = async (): Promise<void> => {
        while (left-- > 0) outcomes.push((await failureOf(client.send(message))).outcome);
      };
      await Promise.all(Array.from({ length: 8 }, worker));
      expect(outcomes).toHaveLength(150);
      expect(server.requests).toHaveLength(150);
    },
  );

  it.each([
    ["another answer", `${accepted}${accepted}`],
    ["a refusal", `${accepted}${refusal}`],
    ["more than its length", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok: erro, saldo insuficiente"],
    [
      "a chunk too many",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n1\r\n1\r\n",
    ],
    [
      "more than its length, where it ends the connection",
      "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok: erro",
    ],
  ])("in one piece with the answer, %s, makes the outcome unknown", async (_what, bytes) => {
    await using server = await startRawServer(({ socket }) => void socket.write(bytes));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
    expect(await failureOf(client.send(message))).toMatchObject({
      outcome: "unknown",
      code: "answer_out_of_step",
    });
  });

  it.each([
    ["an answer", accepted],
    ["text", "erro"],
    ["a line break", "\r\n"],
    ["a half answer", "HTTP/1.1 2"],
    ["an informational answer", "HTTP/1.1 103 Early Hints\r\n\r\n"],
  ])("on a connection at rest, %s, has it never used again", async (_what, bytes) => {
    await using server = await startRawServer((request) => respond(request, "1"));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
    await client.send(message);
    const [first] = server.requests;
    first?.socket.write(bytes);
    await expect.poll(() => server.sockets.size).toBe(0);
    expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
    expect(server.requests[1]?.socket).not.toBe(first?.socket);
  });

  it("has each connection carry one request alone from then on", async () => {
    await using server = await startRawServer((request) => respond(request, "1"));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
    await client.send(message);
    server.requests[0]?.socket.write(accepted);
    await expect.poll(() => server.sockets.size).toBe(0);
    for (let i = 0; i < 3; i += 1) await client.send(message);
    const sockets = new Set(server.requests.map(({ socket }) => socket));
    expect(sockets.size).toBe(4);
    expect(server.requests.at(-1)?.head).toContain("connection: close");
  });

  it("has not been seen where connections only end, or bring one answer each: they are used again after a rest", async () => {
    await using server = await startRawServer((request) => respond(request, "1"));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 8 });
    await client.send(message);
    for (let i = 0; i < 3; i += 1) {
      await sleep(120);
      await client.send(message);
    }
    expect(new Set(server.requests.map(({ socket }) => socket)).size).toBe(1);
  });
});
