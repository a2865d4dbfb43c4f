import type { LookupFunction } from "node:net";

import { NotSentError, TalkmeClient } from "@talkme/core";
import { describe, expect, it, vi } from "vitest";

import { account, failureOf, message } from "./failed-call.ts";
import { openAgent } from "./open-agent.ts";
import { respond, startRawServer } from "./raw-server.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

const notSent = (code: string): object => ({
  name: "NotSentError",
  outcome: "not_sent",
  code,
  action: "simples",
});

describe("not_sent: the request provably never left", () => {
  it("when the connection that others wait for is refused: each is tried, and fails likewise", async () => {
    const server = await startRawServer(() => {});
    await server.close();
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
    const calls = Array.from({ length: 5 }, () => failureOf(client.send(message)));
    for (const error of await Promise.all(calls))
      expect(error).toMatchObject({ outcome: "not_sent", code: "connection_refused" });
  });

  it("when the host's name does not exist", async () => {
    const lookup = vi.fn<LookupFunction>((_host, _options, done) => {
      const error = Object.assign(new Error("getaddrinfo ENOTFOUND"), {
        code: "ENOTFOUND",
        syscall: "getaddrinfo",
      });
      done(error, []);
    });
    const dispatcher = openAgent({ connect: { lookup } });
    const client = new TalkmeClient({ ...account, baseUrl: "http://api.invalid", dispatcher });
    expect(await failureOf(client.send(message))).toMatchObject(notSent("dns_failed"));
    expect(lookup).toHaveBeenCalledOnce();
  });

  it("when the process stood still until the time to begin was over", async () => {
    await using server = await startRawServer((request) => respond(request, "1"));
    const startWithinMs = 50;
    const lookup: LookupFunction = (_host, _options, done) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * startWithinMs);
      done(null, [{ address: "127.0.0.1", family: 4 }]);
    };
    const dispatcher = openAgent({ connect: { lookup } });
    const client = new TalkmeClient({
      ...account,
      baseUrl: `http://stands-still.invalid:${server.port}`,
      dispatcher,
    });
    const error = await failureOf(client.send(message, { startWithinMs }));
    expect(error).toMatchObject(notSent("timeout_before_send"));
    expect(server.requests).toHaveLength(0);
  });

  it("when the connection is refused", async () => {
    const server = await startRawServer(() => {});
    await server.close();
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    const error = await failureOf(client.send(message));
    expect(error).toMatchObject(notSent("connection_refused"));
    expect(error.cause).toMatchObject({ code: "ECONNREFUSED" });
  });

  it("when no authority vouches for the host's certificate", async () => {
    await using server = await startRawServer((request) => respond(request, "1"), selfSignedCertificate());
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    expect(await failureOf(client.send(message))).toMatchObject(notSent("tls_failed"));
    expect(server.requests).toHaveLength(0);
  });

  it("when the certificate is another host's", async () => {
    const certificate = selfSignedCertificate();
    await using server = await startRawServer((request) => respond(request, "1"), certificate);
    const dispatcher = openAgent({ connect: { ca: certificate.cert } });
    const client = new TalkmeClient({ ...account, baseUrl: `https://localhost:${server.port}`, dispatcher });
    expect(await failureOf(client.send(message))).toMatchObject(notSent("tls_failed"));
    expect(server.requests).toHaveLength(0);
  });

  it("when the host does not speak TLS", async () => {
    await using server = await startRawServer(() => {});
    server.sockets.forEach((socket) => socket.end());
    await using client = new TalkmeClient({ ...account, baseUrl: server.url.replace("http:", "https:") });
    const call = failureOf(client.send(message));
    await expect.poll(() => server.sockets.size).toBe(1);
    for (const socket of server.sockets) socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    expect(await call).toMatchObject(notSent("tls_failed"));
  });

  it("when the connection is not made in time", async () => {
    // It accepts the connection and never answers the TLS handshake.
    await using server = await startRawServer(() => {});
    const baseUrl = server.url.replace("http:", "https:");
    await using client = new TalkmeClient({ ...account, baseUrl, connectTimeoutMs: 50 });
    expect(await failureOf(client.send(message))).toMatchObject(notSent("connect_timeout"));
  });

  it("when the time runs out while it waits for a connection, and it is not written later", async () => {
    await using server = await startRawServer(({ number, socket }) => {
      if (number > 1) respond({ number, socket, head: "", body: "" }, "1");
    });
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
    const first = client.send({ ...message, txtmsg: "first" });
    const second = failureOf(client.send({ ...message, txtmsg: "second" }, { timeoutMs: 20 }));
    expect(await second).toMatchObject(notSent("timeout_before_send"));
    await expect.poll(() => server.requests).toHaveLength(1);
    for (const request of server.requests) respond(request, "1");
    await first;
    await client.send({ ...message, txtmsg: "third" });
    expect(server.requests.map(({ head }) => /txtmsg=(\w+)/.exec(head)?.[1])).toEqual(["first", "third"]);
  });

  it("when it is aborted while it waits for a connection, and it is not written later", async () => {
    await using server = await startRawServer(({ number, socket }) => {
      if (number > 1) respond({ number, socket, head: "", body: "" }, "1");
    });
    await using client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections: 1 });
    const controller = new AbortController();
    const first = client.send(message);
    const second = failureOf(client.send(message, { signal: controller.signal }));
    controller.abort();
    expect(await second).toMatchObject(notSent("aborted_before_send"));
    await expect.poll(() => server.requests).toHaveLength(1);
    for (const request of server.requests) respond(request, "1");
    await first;
    await client.send(message);
    expect(server.requests).toHaveLength(2);
  });

  it("when the signal was aborted before the call", async () => {
    await using server = await startRawServer((request) => respond(request, "1"));
    await using client = new TalkmeClient({ ...account, baseUrl: server.url });
    const call = client.send(message, { signal: AbortSignal.abort() });
    expect(await failureOf(call)).toMatchObject(notSent("aborted_before_send"));
    expect(server.sockets.size).toBe(0);
  });

  it("when the client is closed, be its dispatcher its own or not, and that one stays open", async () => {
    await using server = await startRawServer((request) => respond(request, "1"));
    const own = new TalkmeClient({ ...account, baseUrl: server.url });
    await own.send(message);
    await Promise.all([own.close(), own.close()]);
    await own.close();
    expect(await failureOf(own.send(message))).toMatchObject(notSent("client_closed"));

    const dispatcher = openAgent();
    const injected = new TalkmeClient({ ...account, baseUrl: server.url, dispatcher });
    await injected.close();
    expect(await failureOf(injected.send(message))).toMatchObject(notSent("client_closed"));
    expect(dispatcher.closed).toBe(false);
  });

  it("when the injected dispatcher was closed or destroyed by its owner", async () => {
    const dispatcher = openAgent();
    const client = new TalkmeClient({ ...account, dispatcher });
    await dispatcher.close();
    const error = await failureOf(client.send(message));
    expect(error).toBeInstanceOf(NotSentError);
    expect(error).toMatchObject(notSent("client_closed"));
  });
});
