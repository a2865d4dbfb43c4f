import { TalkmeClient } from "@talkme/core";
import { describe, expect, it } from "vitest";

import { account, failureOf, message } from "./failed-call.ts";
import { respond, startRawServer } from "./raw-server.ts";
import type { RawRequest } from "./raw-server.ts";

const unknown = (code: string): object => ({ name: "UnknownOutcomeError", outcome: "unknown", code });

/** Enough for a busy machine to write a request and to read what comes at once. */
const whileTimeLastsMs = 1500;

async function failureWith(
  answer: (request: RawRequest) => void,
  timeoutMs = 5000,
): ReturnType<typeof failureOf> {
  await using server = await startRawServer(answer);
  await using client = new TalkmeClient({ ...account, baseUrl: server.url, timeoutMs });
  const error = await failureOf(client.send(message));
  expect(server.requests).toHaveLength(1);
  return error;
}

describe("unknown: the request may have been acted on", () => {
  it("when the connection is reset after the write", async () => {
    const error = await failureWith(({ socket }) => socket.resetAndDestroy());
    expect(error).toMatchObject(unknown("connection_lost"));
    expect(error.httpStatus).toBeUndefined();
  });

  it("when the connection is ended without an answer", async () => {
    expect(await failureWith(({ socket }) => socket.end())).toMatchObject(unknown("connection_lost"));
  });

  it("when the connection is lost after an informational answer, which is none", async () => {
    const error = await failureWith(({ socket }) => socket.end("HTTP/1.1 103 Early Hints\r\n\r\n"));
    expect(error).toMatchObject(unknown("connection_lost"));
    expect(error.httpStatus).toBeUndefined();
  });

  it.concurrent("when the time runs out before the headers", async () => {
    expect(await failureWith(() => {}, whileTimeLastsMs)).toMatchObject(unknown("timeout"));
  });

  it.concurrent("when the time runs out after the headers, with what came until then", async () => {
    const error = await failureWith(({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nInserido");
    }, whileTimeLastsMs);
    expect(error).toMatchObject({ ...unknown("timeout"), httpStatus: 200, response: "Inserido" });
  });

  it.concurrent("when the answer drips so slowly that it would never end", async () => {
    const error = await failureWith(({ socket }) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
      const timer = setInterval(() => socket.write("."), 5);
      socket.on("close", () => clearInterval(timer));
    }, whileTimeLastsMs);
    expect(error).toMatchObject(unknown("timeout"));
  });

  it("when the body is shorter than the answer said, even after a status that would say enough", async () => {
    for (const status of [200, 404, 429]) {
      const error = await failureWith(({ socket }) => {
        socket.end(`HTTP/1.1 ${status} X\r\ncontent-length: 100\r\n\r\nInserido`);
      });
      expect(error).toMatchObject({
        ...unknown("response_incomplete"),
        httpStatus: status,
        response: "Inserido",
      });
    }
  });

  it("when a chunked body ends without its last chunk", async () => {
    const error = await failureWith(({ socket }) => {
      socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\nInserido\r\n");
    });
    expect(error).toMatchObject(unknown("response_incomplete"));
  });

  it("when what comes back is not HTTP", async () => {
    expect(await failureWith(({ socket }) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"))).toMatchObject(
      unknown("response_malformed"),
    );
  });

  it("when the server wants another protocol", async () => {
    const error = await failureWith(({ socket }) => {
      socket.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n");
    });
    expect(error).toMatchObject(unknown("connection_lost"));
  });

  it("when the caller aborts after the write, and the connection is dropped", async () => {
    const { promise: received, resolve } = Promise.withResolvers<RawRequest>();
    await using server = await startRawServer(resolve);
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    const controller = new AbortController();
    const call = failureOf(client.send(message, { signal: controller.signal }));
    const { socket } = await received;
    const dropped = new Promise((done) => socket.on("close", done));
    controller.abort(new Error("enough"));
    expect(await call).toMatchObject(unknown("aborted"));
    await dropped;
  });

  it("when the answer redirects, which is not followed", async () => {
    await using other = await startRawServer((request) => respond(request, "1"));
    const error = await failureWith((request) =>
      respond(request, "", `HTTP/1.1 302 Found\r\nlocation: ${other.url}/`),
    );
    expect(error).toMatchObject({ ...unknown("redirected"), httpStatus: 302 });
    expect(other.sockets.size).toBe(0);
  });
});
