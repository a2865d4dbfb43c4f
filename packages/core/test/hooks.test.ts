import { readFileSync } from "node:fs";

import { TalkmeClient } from "@talkme/core";
import type { RequestEvent, ResponseEvent, TalkmeClientOptions } from "@talkme/core";
import { startSimulator, type FaultRule } from "@talkme/simulator";
import { describe, expect, it, onTestFinished, vi } from "vitest";

import { account, failureOf, message } from "./transport/failed-call.ts";
import { respond, startRawServer } from "./transport/raw-server.ts";

const infoContato = { nome: "Fulano de tal" };

/** A client whose simulator is gone after the test. */
async function watched(
  options: TalkmeClientOptions,
  faults: readonly FaultRule[] = [],
): Promise<TalkmeClient> {
  const simulator = await startSimulator({ accounts: [account], faults });
  const client = new TalkmeClient({ ...account, ...options, baseUrl: simulator.url });
  onTestFinished(async () => {
    await client.close();
    await simulator.close();
  });
  return client;
}

/** Everything that the hooks and the logger of a client were given. */
function recorder() {
  const requests: RequestEvent[] = [];
  const responses: ResponseEvent[] = [];
  const lines: string[] = [];
  return {
    requests,
    responses,
    lines,
    options: {
      onRequest: (event: RequestEvent) => void requests.push(event),
      onResponse: (event: ResponseEvent) => void responses.push(event),
      logger: {
        debug: (text: string, event: object) => void lines.push(`debug ${text} ${JSON.stringify(event)}`),
        warn: (text: string, event: object) => void lines.push(`warn ${text} ${JSON.stringify(event)}`),
      },
    },
  };
}

function broken(): never {
  throw new TypeError(`of ${account.token}`);
}

const rejecting: () => unknown = async () => broken();

describe("hooks and logger", () => {
  it("report each request, and how it ended", async () => {
    const seen = recorder();
    const client = await watched(seen.options, [
      { match: { nth: 2 }, do: { kind: "status", status: 503 } },
      { match: { nth: 3 }, do: { kind: "drop", when: "after" } },
    ]);
    await client.send(message);
    await failureOf(client.send({ ...message, infoContato }));
    await failureOf(client.send(message));
    expect(seen.requests).toMatchObject([
      { action: "simples", method: "GET" },
      { action: "v2", method: "POST" },
      { action: "simples" },
    ]);
    expect(seen.responses).toMatchObject([
      { action: "simples", outcome: "accepted", code: null, httpStatus: 200 },
      { action: "v2", outcome: "not_sent", code: "service_unavailable", httpStatus: 503 },
      { action: "simples", outcome: "unknown", code: "connection_lost", httpStatus: null, rule: null },
    ]);
    for (const { durationMs } of seen.responses) expect(durationMs).toBeGreaterThan(0);
    expect(seen.lines.map((line) => line.split(" ", 1)[0])).toEqual([
      "debug",
      "debug",
      "debug",
      "warn",
      "debug",
      "warn",
    ]);
  });

  it("never hold the token, the account or anything of the message, also of an answer that echoes it", async () => {
    const seen = recorder();
    const client = await watched(seen.options, [{ do: { kind: "failure", shape: "error-echo" } }]);
    await failureOf(client.send(message));
    await failureOf(client.send({ ...message, infoContato }));
    const everything = JSON.stringify(seen);
    expect(seen.lines).toHaveLength(4);
    for (const secret of [account.token, "id_cliente", "11988887777", "12345", "Fulano"])
      expect(everything).not.toContain(secret);
  });

  it("report nothing of a message that makes no request", async () => {
    const seen = recorder();
    const client = await watched(seen.options);
    await failureOf(client.send({ ...message, numeroDest: "1" }));
    expect(seen.requests).toEqual([]);
    expect(seen.responses).toEqual([]);
  });

  it("that throw or reject do not hide that a message was accepted", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    onTestFinished(() => warned.mockRestore());
    const client = await watched({
      onRequest: broken,
      // An async function fits where nothing is to be returned; it must not end the process.
      onResponse: rejecting,
      logger: { debug: broken, warn: broken },
    });
    expect(await client.send(message, { onAnswer: broken })).toMatchObject({ outcome: "accepted" });
    await vi.waitFor(() => expect(warned).toHaveBeenCalledTimes(5));
    expect(JSON.stringify(warned.mock.calls)).not.toContain(account.token);
  });
});

it("requests say which version of the client made them", async () => {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  let head = "";
  await using server = await startRawServer((request) => {
    head = JSON.stringify(request);
    respond(request, "1");
  });
  await using client = new TalkmeClient({ ...account, baseUrl: server.url });
  await client.send(message);
  expect(head).toContain(`talkme-core/${manifest.version}`);
});
