import { AuthenticationError, NotFoundError, RateLimitedError, TalkmeClient } from "@talkme/core";
import type { TalkmeClientOptions } from "@talkme/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { account, failureOf, message } from "./failed-call.ts";
import { respond, startRawServer } from "./raw-server.ts";

async function failureWith(
  head: string,
  body = "",
  options: Partial<TalkmeClientOptions> = {},
): ReturnType<typeof failureOf> {
  await using server = await startRawServer((request) => respond(request, body, head));
  await using client = new TalkmeClient({ ...account, baseUrl: server.url, ...options });
  return await failureOf(client.send(message));
}

describe("an answer", () => {
  it("that asks to wait says for how long, in seconds or until a date", async () => {
    const seconds = await failureWith("HTTP/1.1 429 Slow\r\nretry-after: 120");
    expect(seconds).toBeInstanceOf(RateLimitedError);
    expect(seconds).toMatchObject({ code: "rate_limited", outcome: "not_sent", retryAfterMs: 120_000 });
    const date = await failureWith(
      "HTTP/1.1 503 Down\r\ndate: Sun, 22 Nov 2026 12:00:00 GMT\r\nretry-after: Sun, 22 Nov 2026 12:01:00 GMT",
    );
    expect(date).toMatchObject({ code: "service_unavailable", outcome: "not_sent", retryAfterMs: 60_000 });
    expect(await failureWith("HTTP/1.1 503 Down")).not.toHaveProperty("retryAfterMs");
  });

  it("that refuses the account, or finds nothing, has a class of its own", async () => {
    expect(await failureWith("HTTP/1.1 401 No")).toBeInstanceOf(AuthenticationError);
    expect(await failureWith("HTTP/1.1 403 No")).toMatchObject({
      code: "authentication_failed",
      outcome: "not_sent",
    });
    expect(await failureWith("HTTP/1.1 404 No")).toBeInstanceOf(NotFoundError);
    expect(await failureWith("HTTP/1.1 200 OK", "404 not found")).toBeInstanceOf(NotFoundError);
  });

  it("is judged by the user's rules first", async () => {
    const error = await failureWith("HTTP/1.1 200 OK", "Token inválido", {
      rules: [
        {
          name: "wrong token",
          when: { status: 200, body: "^token inv" },
          outcome: "not_sent",
          code: "authentication_failed",
        },
      ],
    });
    expect(error).toBeInstanceOf(AuthenticationError);
    const mine = await failureWith("HTTP/1.1 200 OK", "paused", {
      rules: [{ name: "paused", when: { body: "^paused" }, outcome: "not_sent", code: "campaign_paused" }],
    });
    expect(mine).toMatchObject({ name: "NotSentError", code: "campaign_paused" });
    expect(mine.message).toContain('"paused"');
  });

  it("longer than 64 KiB is unknown, whatever it begins with, and the connection is dropped", async () => {
    const { promise: dropped, resolve } = Promise.withResolvers<void>();
    await using server = await startRawServer(({ socket }) => {
      socket.on("close", () => resolve());
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      const chunk = `4000\r\n${"9".repeat(0x40_00)}\r\n`;
      const writeMore = (): void => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on("drain", writeMore);
      writeMore();
    });
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    const error = await failureOf(client.send(message));
    expect(error).toMatchObject({ outcome: "unknown", code: "response_too_long" });
    expect(error.response).toHaveLength(65_536);
    await dropped;
  });

  it("of exactly 64 KiB is whole", async () => {
    await using server = await startRawServer((request) => respond(request, `["${"x".repeat(65_532)}"]`));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
    await failureOf(client.send(message));
    const error = await failureOf(client.send(message));
    expect(error).toMatchObject({ code: "response_unrecognized" });
    expect(error.response).toHaveLength(65_536);
    expect(server.requests[1]?.socket).toBe(server.requests[0]?.socket);
  });

  it("after informational ones is the one that counts", async () => {
    await using server = await startRawServer(({ socket }) => {
      socket.write("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1");
    });
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    expect(await client.send(message)).toMatchObject({ outcome: "accepted", httpStatus: 200 });
  });

  it("of any bytes at all has one of the four outcomes", async () => {
    let body = Buffer.alloc(0);
    await using server = await startRawServer(({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    });
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        body = Buffer.from(bytes);
        const outcome = await client.send(message).catch((error: unknown) => error);
        expect(outcome).toHaveProperty("outcome");
      }),
      { numRuns: 200 },
    );
  });
});
