import { once } from "node:events";
import { createServer, type LookupFunction } from "node:net";

import { TalkmeClient } from "@talkme/core";
import { describe, expect, it, onTestFinished } from "vitest";

import { anyAddressConnector } from "../../src/transport/connector.ts";
import { account, failureOf, message } from "./failed-call.ts";
import { openAgent } from "./open-agent.ts";
import { respond, startRawServer } from "./raw-server.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";
import { unansweredAddress } from "./unanswered-address.ts";

const alive = "127.0.0.1";
const deaf = "127.0.0.2";
const deafToo = "127.0.0.3";
const slow = "127.0.0.4";
const mute = "127.0.0.7";
const refuses = "127.0.0.9";

function resolvingTo(...addresses: readonly string[]): LookupFunction {
  return (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
}

function clientFor(
  port: number,
  addresses: readonly string[],
  timeoutMs = 10_000,
  ca?: Buffer,
): TalkmeClient {
  const connect = anyAddressConnector({ timeoutMs, lookup: resolvingTo(...addresses), ca: ca?.toString() });
  const protocol = ca === undefined ? "http" : "https";
  const baseUrl = `${protocol}://localhost:${port}`;
  return new TalkmeClient({ ...account, baseUrl, dispatcher: openAgent({ connect }) });
}

const SNICallback = (_name: string, done: (error: null) => void): void =>
  void setTimeout(() => done(null), 1000);

describe("a host with several addresses", () => {
  it.each([
    ["one that does not answer comes first", [deaf, alive]],
    ["one that does not answer comes last", [alive, deaf]],
    ["two do not answer", [deaf, deafToo, alive]],
    ["one refuses", [refuses, alive]],
    ["one refuses and one does not answer", [deaf, refuses, alive]],
  ])("is reached where %s", async (_title, addresses) => {
    await using server = await startRawServer((request) => respond(request, "1"));
    for (const host of [deaf, deafToo])
      if (addresses.includes(host)) await unansweredAddress(host, server.port);
    const client = clientFor(server.port, addresses);
    expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
  });

  it.each([
    ["last", [deaf, slow]],
    ["first", [slow, deaf]],
    ["first, and the other refuses", [slow, refuses]],
  ])(
    "is reached where one does not answer and the other, which comes %s, needs a second to connect",
    async (_which, addresses) => {
      const port = await unansweredAddress(slow, 0, 900);
      if (addresses.includes(deaf)) await unansweredAddress(deaf, port);
      const client = clientFor(port, addresses);
      expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
    },
  );

  it("is reached where one does not answer and the other needs a second for TLS", async () => {
    const certificate = selfSignedCertificate("localhost");
    await using server = await startRawServer((request) => respond(request, "1"), {
      ...certificate,
      SNICallback,
    });
    await unansweredAddress(deaf, server.port);
    for (const addresses of [
      [deaf, alive],
      [alive, deaf],
    ]) {
      const client = clientFor(server.port, addresses, 10_000, certificate.cert);
      expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
    }
  });

  it("is reached where one accepts connections and never speaks TLS", async () => {
    const certificate = selfSignedCertificate("localhost");
    await using server = await startRawServer((request) => respond(request, "1"), certificate);
    const silent = createServer(() => {}).listen(server.port, mute);
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const client = clientFor(server.port, [mute, alive], 10_000, certificate.cert);
    expect(await client.send(message)).toMatchObject({ outcome: "accepted" });
  });

  it("of which none answers fails in the time that is allowed, and says what was waited for", async () => {
    const port = await unansweredAddress(deaf);
    await unansweredAddress(deafToo, port);
    const client = clientFor(port, [deaf, deafToo], 700);
    const startedMs = performance.now();
    const error = await failureOf(client.send(message));
    const tookMs = performance.now() - startedMs;
    expect(error).toMatchObject({ outcome: "not_sent", code: "connect_timeout" });
    const [, waited = "0"] = /within (\d+) ms/.exec(error.message) ?? [];
    expect(Number(waited)).toBeGreaterThan(650);
    expect(Number(waited)).toBeLessThanOrEqual(Math.ceil(tookMs));
    for (const one of [deaf, deafToo])
      expect(error.message).toMatch(new RegExp(String.raw`${one}:${port} gave no answer for \d+ ms`));
  });

  it("that all refuse is refused at once, by name", async () => {
    const server = await startRawServer(() => {});
    await server.close();
    const error = await failureOf(clientFor(server.port, [refuses, alive]).send(message));
    expect(error).toMatchObject({ outcome: "not_sent", code: "connection_refused" });
    expect(error.message).toContain(`${refuses}:${server.port}: ECONNREFUSED`);
  });
});
