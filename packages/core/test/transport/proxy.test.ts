import type { LookupFunction } from "node:net";

import { InvalidOptionsError, TalkmeClient, TalkmeError } from "@talkme/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { anyAddressConnector } from "../../src/transport/connector.ts";
import { parseProxyUrl, type Proxy } from "../../src/transport/proxy.ts";
import { account, failureOf, message } from "./failed-call.ts";
import { openAgent } from "./open-agent.ts";
import { refuse, startProxy, tunnel, type TunnelRequest } from "./proxy-server.ts";
import { respond, startRawServer, type RawRequest } from "./raw-server.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";
import { unansweredAddress } from "./unanswered-address.ts";

function proxyAt(url: string): Proxy {
  const proxy = parseProxyUrl(url);
  if (typeof proxy === "string") throw new Error(proxy);
  return proxy;
}

function resolvingTo(...addresses: readonly string[]): LookupFunction {
  return (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
}

describe("a proxy", () => {
  it("carries several messages in one tunnel, and is shown the API's host and port alone", async () => {
    await using api = await startRawServer((request) => respond(request, "1"));
    await using proxy = await startProxy(tunnel);
    const proxyUrl = proxy.url.replace("//", "//ana:p%C3%A3o%20%40%3A@");
    await using client = new TalkmeClient({ ...account, baseUrl: api.url, proxyUrl, maxConnections: 1 });
    for (let i = 0; i < 3; i += 1) {
      expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
    }
    expect(api.requests).toHaveLength(3);
    expect(proxy.asked).toHaveLength(1);
    const [asked] = proxy.asked;
    expect(asked?.head.split("\r\n").filter(Boolean).toSorted()).toEqual([
      `CONNECT 127.0.0.1:${api.port} HTTP/1.1`,
      `host: 127.0.0.1:${api.port}`,
      `proxy-authorization: Basic ${Buffer.from("ana:pão @:").toString("base64")}`,
      "proxy-connection: keep-alive",
    ]);
    for (const { head } of api.requests) expect(head).not.toMatch(/proxy/i);
  });

  it.each([false, true])(
    "carries TLS to the API, which must prove its name; TLS to the proxy itself: %s",
    async (isSecure) => {
      const certificate = selfSignedCertificate("localhost");
      await using api = await startRawServer((request) => respond(request, "1"), certificate);
      await using proxy = await startProxy(tunnel, isSecure ? { secure: certificate } : {});
      const proxyUrl = proxy.url.replace("127.0.0.1", "localhost");
      const baseUrl = `https://localhost:${api.port}`;
      const connect = anyAddressConnector({
        timeoutMs: 5000,
        proxy: proxyAt(proxyUrl),
        lookup: resolvingTo("127.0.0.1"),
        ca: certificate.cert.toString(),
      });
      const dispatcher = openAgent({ connect, connections: 1 });
      const client = new TalkmeClient({ ...account, baseUrl, dispatcher });
      for (let i = 0; i < 2; i += 1) {
        expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
      }
      expect(proxy.asked.map(({ target }) => target)).toEqual([`localhost:${api.port}`]);
    },
  );

  it.each(["end", "destroy"] as const)(
    "that speaks TLS and breaks a tunnel (%s) during the API's handshake has sent nothing, and is not waited for",
    async (end) => {
      const certificate = selfSignedCertificate("localhost");
      await using proxy = await startProxy(
        ({ socket }) => {
          socket.once("data", () => socket[end]()).resume();
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
        },
        { secure: certificate },
      );
      const connect = anyAddressConnector({
        timeoutMs: 60_000,
        proxy: proxyAt(proxy.url.replace("127.0.0.1", "localhost")),
        ca: certificate.cert.toString(),
      });
      const dispatcher = openAgent({ connect });
      const client = new TalkmeClient({ ...account, baseUrl: "https://localhost:1", dispatcher });
      expect(await failureOf(client.send(message))).toMatchObject({
        outcome: "not_sent",
        code: "connection_lost_before_send",
      });
    },
  );

  it("is reached at an IPv6 address, and asked for one", async (context) => {
    const proxy = await startProxy((request) => refuse(request, "503 Down"), { host: "::1" }).catch(
      () => null,
    );
    if (proxy === null) return context.skip("this machine has no IPv6");
    await using _ = proxy;
    await using client = new TalkmeClient({ ...account, baseUrl: "https://[::1]", proxyUrl: proxy.url });
    expect(await failureOf(client.send(message))).toMatchObject({ code: "proxy_refused" });
    expect(proxy.asked.map(({ target }) => target)).toEqual(["[::1]:443"]);
  });

  it("that closes its tunnel while nothing is asked is asked for another, and the message arrives once", async () => {
    await using api = await startRawServer((request) => respond(request, "1"));
    await using proxy = await startProxy(tunnel);
    await using client = new TalkmeClient({
      ...account,
      baseUrl: api.url,
      proxyUrl: proxy.url,
      maxConnections: 1,
    });
    for (let i = 1; i <= 3; i += 1) {
      expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
      expect(api.requests).toHaveLength(i);
      const [{ socket } = { socket: null }] = proxy.asked.slice(-1);
      if (i % 2 === 0) socket?.resetAndDestroy();
      else socket?.end();
      await expect.poll(() => api.sockets.size).toBe(0);
      // The client's end of it.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(proxy.asked).toHaveLength(3);
  });

  it("that goes away after the request's first byte leaves its fate unknown", async () => {
    for (const end of ["end", "resetAndDestroy"] as const) {
      await using proxy = await startProxy(tunnel);
      await using api = await startRawServer(() => proxy.asked.at(-1)?.socket[end]());
      await using client = new TalkmeClient({ ...account, baseUrl: api.url, proxyUrl: proxy.url });
      expect(await failureOf(client.send(message))).toMatchObject({
        outcome: "unknown",
        code: "connection_lost",
      });
      expect(api.requests).toHaveLength(1);
    }
  });

  it("that is silent after the request's first byte leaves its fate unknown", async () => {
    await using api = await startRawServer(() => "It is silent.");
    await using proxy = await startProxy(tunnel);
    await using client = new TalkmeClient({
      ...account,
      baseUrl: api.url,
      proxyUrl: proxy.url,
      timeoutMs: 1500,
    });
    expect(await failureOf(client.send(message))).toMatchObject({ outcome: "unknown", code: "timeout" });
    expect(api.requests).toHaveLength(1);
  });

  it("with several addresses is used at the one that answers", async () => {
    await using api = await startRawServer((request) => respond(request, "1"));
    await using proxy = await startProxy(tunnel, { host: "127.0.0.6" });
    await unansweredAddress("127.0.0.5", proxy.port);
    await using mute = await startProxy(() => "It is silent.", { host: "127.0.0.7", port: proxy.port });
    const connect = anyAddressConnector({
      timeoutMs: 5000,
      proxy: proxyAt(`http://proxy.test:${proxy.port}`),
      lookup: resolvingTo("127.0.0.5", "127.0.0.7", "127.0.0.8", "127.0.0.6"),
    });
    const dispatcher = openAgent({ connect });
    const client = new TalkmeClient({ ...account, baseUrl: api.url, dispatcher });
    expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
    expect(mute.asked).toHaveLength(1);
    expect(proxy.asked).toHaveLength(1);
  });

  it("with several addresses hears a wrong password at one of them alone", async () => {
    await using first = await startProxy((request) => refuse(request, "407 No"), { host: "127.0.0.6" });
    await using second = await startProxy(tunnel, { host: "127.0.0.7", port: first.port });
    const connect = anyAddressConnector({
      timeoutMs: 5000,
      proxy: proxyAt(`http://ana:wrong@proxy.test:${first.port}`),
      lookup: resolvingTo("127.0.0.6", "127.0.0.7"),
    });
    const client = new TalkmeClient({ ...account, dispatcher: openAgent({ connect }) });
    expect(await failureOf(client.send(message))).toMatchObject({
      outcome: "not_sent",
      code: "proxy_authentication_failed",
    });
    expect([first.asked.length, second.asked.length]).toEqual([1, 0]);
  });

  it("beside a dispatcher is refused: the dispatcher would pass it by", () => {
    const options = { ...account, proxyUrl: "http://ana:geheim@proxy:3128", dispatcher: openAgent() };
    expect(() => new TalkmeClient(options)).toThrow(InvalidOptionsError);
    expect(() => new TalkmeClient(options)).toThrow(
      /^(?!.*geheim).*proxyUrl has no effect beside dispatcher/,
    );
  });
});

const moods: readonly ((request: TunnelRequest) => void)[] = [
  tunnel,
  tunnel,
  (request) => refuse(request, "502 Bad Gateway"),
  (request) => refuse(request, "407 Who"),
  ({ socket }) => void socket.end(),
  ({ socket }) => void socket.resetAndDestroy(),
  ({ socket }) => void socket.end("nothing of HTTP\r\n\r\n"),
  ({ socket }) => void socket.write("HTTP/1.1 200 OK\r\n\r\n1"),
  () => "It is silent.",
  // A tunnel that breaks, sometimes before and sometimes after the request.
  (request) => {
    tunnel(request);
    setTimeout(() => request.socket.destroy(), request.number % 7);
  },
];

const answers = {
  accept: (request: RawRequest): void => respond(request, "1"),
  reset: ({ socket }: RawRequest): void => void socket.resetAndDestroy(),
  silence: (): void => {},
};

it("whatever a proxy does, no message of which it is said that it was not sent ever arrives", async () => {
  const anyCall = fc.record({
    answer: fc.constantFrom("accept" as const, "reset" as const, "silence" as const),
    timeoutMs: fc.constantFrom(5, 20, 100),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyCall, { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat(moods.length - 1), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (calls, order, maxConnections) => {
        await using api = await startRawServer((request) => {
          const [, kind = "silence"] = /txtmsg=\d+-(\w+)/.exec(request.head) ?? [];
          answers[kind === "accept" || kind === "reset" ? kind : "silence"](request);
        });
        await using proxy = await startProxy((request) => {
          moods[order[request.number % order.length] ?? 0]?.(request);
        });
        const client = new TalkmeClient({
          ...account,
          baseUrl: api.url,
          proxyUrl: proxy.url,
          connectTimeoutMs: 50,
          maxConnections,
        });
        const outcomes = await Promise.all(
          calls.map(async ({ answer, timeoutMs }, index) => {
            const txtmsg = `${index}-${answer}`;
            const sent = client.send({ idWpp: 1, numeroDest: "11988887777", txtmsg }, { timeoutMs });
            const outcome = await sent.then(
              (accepted) => accepted.outcome,
              (error: unknown) => (error instanceof TalkmeError ? error.outcome : "thrown"),
            );
            return [txtmsg, outcome] as const;
          }),
        );
        await client.close();
        for (const socket of proxy.sockets) socket.destroy();
        await expect.poll(() => api.sockets.size).toBe(0);

        const arrived = api.requests.map(({ head }) => /txtmsg=([\w-]+)/.exec(head)?.[1] ?? "");
        expect(new Set(arrived).size).toBe(arrived.length);
        const violations = outcomes.filter(
          ([txtmsg, outcome]) =>
            outcome !== "unknown" && (outcome === "accepted") !== arrived.includes(txtmsg),
        );
        expect(violations).toEqual([]);
        expect(outcomes.map(([, outcome]) => outcome)).not.toContain("thrown");
      },
    ),
    { numRuns: 30 },
  );
});
