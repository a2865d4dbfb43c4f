import { TalkmeClient, TalkmeError } from "@talkme/core";
import * as fc from "fast-check";
import { expect, it } from "vitest";

import { account } from "./failed-call.ts";
import { respond, startRawServer } from "./raw-server.ts";
import type { RawRequest, RawServer } from "./raw-server.ts";

const behave = {
  answer: (request: RawRequest): void => respond(request, "1"),
  silence: (): void => {},
  reset: ({ socket }: RawRequest): void => void socket.resetAndDestroy(),
  end: ({ socket }: RawRequest): void => void socket.end(),
  half: ({ socket }: RawRequest): void => void socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n1"),
};
const behaviours = ["answer", "silence", "reset", "end", "half"] as const;

/** A server that does to each request what its `txtmsg` asks for, so that concurrency cannot mix it up. */
function moodyServer(): Promise<RawServer> {
  return startRawServer((request) => {
    const behaviour = behaviours.find((one) => request.head.includes(`-${one} `)) ?? "silence";
    behave[behaviour](request);
  });
}

const anyCall = fc.record({
  behaviour: fc.constantFrom(...behaviours),
  timeoutMs: fc.constantFrom(1, 3, 10, 40),
  abortAfterTicks: fc.option(fc.nat({ max: 5 }), { nil: undefined }),
});

type Call = typeof anyCall extends fc.Arbitrary<infer T> ? T : never;

/** Makes one call as described, and returns its outcome. */
async function outcomeOf(client: TalkmeClient, txtmsg: string, call: Call): Promise<string> {
  const controller = new AbortController();
  const options = { timeoutMs: call.timeoutMs, signal: controller.signal };
  const settled = client.send({ idWpp: 1, numeroDest: "11988887777", txtmsg }, options).then(
    ({ outcome }) => outcome,
    (error: unknown) => (error instanceof TalkmeError ? error.outcome : "thrown"),
  );
  for (let tick = 0; tick < (call.abortAfterTicks ?? 0); tick += 1) await new Promise(setImmediate);
  if (call.abortAfterTicks !== undefined) controller.abort();
  return settled;
}

function isConsistent(outcome: string, hasArrived: boolean): boolean {
  switch (outcome) {
    case "not_sent":
      return !hasArrived;
    case "accepted":
      return hasArrived;
    default:
      return outcome === "unknown";
  }
}

it("whatever happens to calls that share connections, none of which is said not to be sent ever arrives", async () => {
  const anyCalls = fc.array(anyCall, { maxLength: 60 });
  const anyLimit = fc.integer({ min: 1, max: 5 });
  await fc.assert(
    fc.asyncProperty(anyCalls, anyLimit, async (calls, maxConnections) => {
      await using server = await moodyServer();
      const client = new TalkmeClient({ ...account, baseUrl: server.url, maxConnections });
      const named = calls.map((call, index) => [`${index}-${call.behaviour}`, call] as const);
      const outcomes = await Promise.all(
        named.map(async ([txtmsg, call]) => [txtmsg, await outcomeOf(client, txtmsg, call)] as const),
      );
      await client.close();
      await expect.poll(() => server.sockets.size).toBe(0);

      const arrived = server.requests.map(({ head }) => /txtmsg=([\w-]+)/.exec(head)?.[1] ?? "");
      expect(new Set(arrived).size).toBe(arrived.length);
      const violations = outcomes.filter(
        ([txtmsg, outcome]) => !isConsistent(outcome, arrived.includes(txtmsg)),
      );
      expect(violations).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
