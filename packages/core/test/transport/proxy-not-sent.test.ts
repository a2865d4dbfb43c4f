import { inspect } from "node:util";

import { TalkmeClient } from "@talkme/core";
import type { TalkmeError } from "@talkme/core";
import { describe, expect, it } from "vitest";

import { account, failureOf, message } from "./failed-call.ts";
import { refuse, startProxy, tunnel, type TunnelRequest } from "./proxy-server.ts";
import { respond, startRawServer } from "./raw-server.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";

const password = "QORDIGHA82XJS";

interface Failure {
  readonly error: TalkmeError;
  /** Requests that reached the API. */
  readonly arrived: number;
  /** How often the proxy was asked for a tunnel. */
  readonly asked: number;
}

/** The error of a message through a proxy that does this with each request for a tunnel. */
async function failureThrough(
  behave: (request: TunnelRequest) => void,
  { secure = false, connectTimeoutMs = 5000 } = {},
): Promise<Failure> {
  await using api = await startRawServer(
    (request) => respond(request, "1"),
    secure ? selfSignedCertificate() : undefined,
  );
  await using proxy = await startProxy(behave);
  const proxyUrl = proxy.url.replace("//", `//ana:${password}@`);
  await using client = new TalkmeClient({ ...account, baseUrl: api.url, proxyUrl, connectTimeoutMs });
  const error = await failureOf(client.send(message));
  // What anybody could log of it.
  const shown = `${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)} ${inspect(client)}`;
  expect(shown).not.toContain(password);
  expect(shown).not.toContain(Buffer.from(`ana:${password}`).toString("base64"));
  expect(shown).toContain(`127.0.0.1:${proxy.port}`);
  return { error, arrived: api.requests.length, asked: proxy.asked.length };
}

const says = (text: string) => (request: TunnelRequest) => void request.socket.end(text);

describe("not_sent: a proxy that opens no tunnel", () => {
  it.each([
    ["403 Forbidden", "proxy_refused", "answered 403 Forbidden"],
    ["404 Not Found", "proxy_refused", "answered 404 Not Found"],
    ["405 Method Not Allowed", "proxy_refused", "answered 405"],
    ["401 Unauthorized", "proxy_authentication_failed", "answered 401 Unauthorized"],
    ["407 Proxy Authentication Required", "proxy_authentication_failed", "answered 407"],
    ["429 Too Many Requests", "proxy_refused", "answered 429"],
    ["502 Bad Gateway", "proxy_refused", "answered 502 Bad Gateway"],
    ["503 Service Unavailable", "proxy_refused", "answered 503"],
    ["504 Gateway Timeout", "proxy_refused", "answered 504"],
    ["301 Moved", "proxy_refused", "answered 301"],
    ["999 What", "proxy_refused", "answered 999"],
  ])("because it answers %s", async (status, code, words) => {
    const { error, arrived, asked } = await failureThrough((request) => refuse(request, status));
    expect(error).toMatchObject({ name: "NotSentError", outcome: "not_sent", code });
    expect(error.message).toContain(words);
    expect(arrived).toBe(0);
    expect(asked).toBe(1);
  });

  it.each([
    ["it closes the connection without an answer", says("")],
    ["it resets the connection", ({ socket }: TunnelRequest) => void socket.resetAndDestroy()],
    ["its answer ends in the middle", says("HTTP/1.1 200 Connection esta")],
    ["its answer is not HTTP", says("SSH-2.0-OpenSSH_9.9\r\n")],
    ["its answer is a web page", says("<html>200</html>")],
    [
      "its answer never ends",
      ({ socket }: TunnelRequest) => {
        socket.write("HTTP/1.1 200 OK\r\n");
        const more = (): void => {
          while (!socket.destroyed && socket.write(`x-more: ${"y".repeat(1000)}\r\n`));
        };
        socket.on("drain", more);
        more();
      },
    ],
    [
      "an answer to a request comes along with the tunnel, before any request",
      ({ socket }: TunnelRequest) =>
        void socket.write("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n1"),
    ],
  ])("because %s", async (_why, behave) => {
    const { error, arrived, asked } = await failureThrough(behave);
    expect(error).toMatchObject({ name: "NotSentError", outcome: "not_sent", code: "proxy_failed" });
    expect(arrived).toBe(0);
    expect(asked).toBe(1);
  });

  it("because it is silent, in the time allowed for connecting", async () => {
    const startedMs = performance.now();
    const { error, arrived } = await failureThrough(() => "It is silent.", { connectTimeoutMs: 300 });
    expect(error).toMatchObject({ outcome: "not_sent", code: "proxy_failed" });
    expect(performance.now() - startedMs).toBeLessThan(4000);
    expect(arrived).toBe(0);
  });

  it("because nothing listens, or its name does not exist", async () => {
    const closed = await startRawServer(() => "Nobody asks it.");
    await closed.close();
    for (const [place, cause] of [
      [`127.0.0.1:${closed.port}`, "ECONNREFUSED"],
      ["no-such-proxy.invalid:3128", /ENOTFOUND|EAI_AGAIN/],
    ] as const) {
      await using client = new TalkmeClient({ ...account, proxyUrl: `http://ana:${password}@${place}` });
      const error = await failureOf(client.send(message));
      expect(error).toMatchObject({ outcome: "not_sent", code: "proxy_unreachable" });
      expect(error.message).toMatch(cause);
      expect(error.message).toContain(`http://${place}`);
      expect(inspect(error, { depth: 10 })).not.toContain(password);
    }
  });

  it("because its certificate does not prove its name", async () => {
    await using proxy = await startProxy(tunnel, { secure: selfSignedCertificate() });
    await using client = new TalkmeClient({ ...account, proxyUrl: proxy.url });
    const error = await failureOf(client.send(message));
    expect(error).toMatchObject({ outcome: "not_sent", code: "proxy_unreachable" });
    expect(error.message).toContain("self-signed certificate");
    expect(proxy.asked).toHaveLength(0);
  });

  it("says what the proxy says of the reason, and nothing that may repeat the password", async () => {
    const squid = await failureThrough((request) =>
      refuse(request, `503 ${password}`, "x-squid-error: ERR_DNS_FAIL 0\r\n"),
    );
    expect(squid.error.message).toContain("answered 503 Service Unavailable (ERR_DNS_FAIL 0)");
    await failureThrough((request) =>
      refuse(request, "403 No", `x-squid-error: ERR_${password} 0 ${password}\r\n`),
    );
    const windows = await failureThrough((request) =>
      refuse(request, "407 No", `proxy-authenticate: Negotiate\r\nproxy-authenticate: NTLM ${password}\r\n`),
    );
    expect(windows.error.message).toContain("it wants Negotiate or NTLM, and only Basic is supported");
  });
});

describe("not_sent: TLS with the API fails in the tunnel", () => {
  const opened = "HTTP/1.1 200 OK\r\n\r\n";

  it.each([
    [
      "because the certificate does not prove the API's name, as where the proxy opens TLS",
      "tls_failed",
      tunnel,
    ],
    [
      "because what answers there is not TLS",
      "tls_failed",
      ({ socket }: TunnelRequest) => {
        socket.write(opened);
        socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).resume();
      },
    ],
    [
      "because the proxy closes the tunnel",
      "connection_lost_before_send",
      ({ socket }: TunnelRequest) => {
        socket.write(opened);
        socket.once("data", () => socket.end()).resume();
      },
    ],
    [
      "because the proxy resets the tunnel",
      "connection_lost_before_send",
      ({ socket }: TunnelRequest) => {
        socket.write(opened);
        socket.once("data", () => socket.resetAndDestroy()).resume();
      },
    ],
    [
      "because nothing answers at its end, in the time allowed for connecting",
      "connect_timeout",
      ({ socket }: TunnelRequest) => {
        socket.resume();
        socket.write(opened);
      },
    ],
  ])("%s", async (_why, code, behave) => {
    await using api = await startRawServer((request) => respond(request, "1"), selfSignedCertificate());
    await using proxy = await startProxy(behave);
    const connectTimeoutMs = code === "connect_timeout" ? 500 : 5000;
    await using client = new TalkmeClient({
      ...account,
      baseUrl: api.url,
      proxyUrl: proxy.url,
      connectTimeoutMs,
    });
    expect(await failureOf(client.send(message))).toMatchObject({ outcome: "not_sent", code });
    expect(api.requests).toHaveLength(0);
    expect(proxy.asked).toHaveLength(1);
  });
});
