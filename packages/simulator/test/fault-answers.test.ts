import { expect, test } from "vitest";
import { refusalCatalogue, startSimulator, type Fault } from "../src/index.ts";
import { ApiClient } from "./api-client.ts";

const query =
  "acao=insere_whats_simples&id_cliente=123&token=simulator-token&num_dest=11988887777&id_campanha=5";

/** Faults that end in a whole HTTP answer, and the answer. */
test.each<[string, Fault, { status: number; text: unknown }]>([
  ["status-503", { kind: "status", status: 503 }, { status: 503, text: "" }],
  ["status-418", { kind: "status", status: 418, body: "chá" }, { status: 418, text: "chá" }],
  [
    "not-found",
    { kind: "failure", shape: "not-found" },
    { status: 404, text: "no results or wrong parameter" },
  ],
  ["not-found-text", { kind: "failure", shape: "not-found-text" }, { status: 200, text: "404 not found" }],
  [
    "wrong-parameter-text",
    { kind: "failure", shape: "wrong-parameter-text" },
    { status: 200, text: "no results or wrong parameter" },
  ],
  [
    "json-error",
    { kind: "failure", shape: "json-error" },
    { status: 200, text: expect.stringMatching(/^\{"status":"error"/) },
  ],
  [
    "json-wrapped-error",
    { kind: "failure", shape: "json-wrapped-error" },
    { status: 200, text: expect.stringMatching(/^\{"insere_whats_simples":\{"status":"error"/) },
  ],
  [
    "error-echo",
    { kind: "failure", shape: "error-echo" },
    { status: 200, text: `erro ao processar a requisicao: ${query}` },
  ],
  ["refusal", { kind: "refusal" }, { status: 200, text: expect.toBeOneOf([...refusalCatalogue]) }],
  ["refusal", { kind: "refusal", body: "KO" }, { status: 200, text: "KO" }],
  ["html", { kind: "html" }, { status: 200, text: expect.stringMatching(/^<!DOCTYPE html>.*blocked/) }],
  ["html", { kind: "html", status: 403 }, { status: 403, text: expect.stringMatching(/^<!DOCTYPE html>/) }],
  ["redirect", { kind: "redirect", status: 307 }, { status: 307, text: "" }],
  ["empty", { kind: "empty", when: "before" }, { status: 200, text: "" }],
  [
    "huge",
    { kind: "huge", bytes: 70_000, when: "before" },
    { status: 502, text: expect.stringMatching(/^Bad Gateway\n\.{69988}$/) },
  ],
  ["drip", { kind: "drip", bytes: 4, intervalMs: 1, when: "before" }, { status: 502, text: "Bad Gateway" }],
])("%s strikes before acceptance: nobody gets the message (%j)", async (name, fault, expected) => {
  await using simulator = await startSimulator({ faults: [{ do: fault }] });
  await using client = new ApiClient(simulator);
  const answer = await client.insere();
  expect(answer.status).toBe(expected.status);
  expect(answer.text).toEqual(expected.text);
  expect(simulator.ledger.size).toBe(0);
  expect(simulator.statistics().byAnswer).toEqual({ [name]: 1 });
});

test.each<[string, Fault, { status: number; text: unknown }]>([
  ["status-500", { kind: "status", status: 500, when: "after" }, { status: 500, text: "" }],
  [
    "not-found-text",
    { kind: "failure", shape: "not-found-text", when: "after" },
    { status: 200, text: "404 not found" },
  ],
  ["html", { kind: "html", when: "after" }, { status: 200, text: expect.stringMatching(/blocked/) }],
  ["redirect", { kind: "redirect", when: "after" }, { status: 302, text: "" }],
  ["empty", { kind: "empty", when: "after" }, { status: 200, text: "" }],
  [
    "garbage",
    { kind: "garbage", bytes: 8, when: "after" },
    { status: 200, text: expect.stringContaining("\u0000") },
  ],
  [
    "huge",
    { kind: "huge", when: "after" },
    { status: 200, text: expect.stringMatching(/^100000000001\n\.{1048563}$/) },
  ],
  ["drip", { kind: "drip", bytes: 5, intervalMs: 1, when: "after" }, { status: 200, text: "100000000001" }],
  [
    "json",
    { kind: "success", shape: "json" },
    { status: 200, text: expect.stringContaining('"100000000001"') },
  ],
])("%s strikes after acceptance: a person gets the message (%j)", async (name, fault, expected) => {
  await using simulator = await startSimulator({ faults: [{ do: fault }] });
  await using client = new ApiClient(simulator);
  const answer = await client.insere();
  expect(answer.status).toBe(expected.status);
  expect(answer.text).toEqual(expected.text);
  expect(simulator.ledger.entries()).toMatchObject([{ numeroDest: "11988887777", answered: name }]);
});

test("what is refused stays refused where the fault strikes after acceptance", async () => {
  await using simulator = await startSimulator({ faults: [{ do: { kind: "drop", when: "after" } }] });
  await using client = new ApiClient(simulator);
  expect((await client.insere({ num_dest: "1" })).status).toBe(404);
  expect((await client.insere({ token: "wrong" })).status).toBe(403);
  expect(simulator.ledger.size).toBe(0);
});

test("a fault before acceptance strikes whoever has no credentials, as a firewall does", async () => {
  await using simulator = await startSimulator({ faults: [{ do: { kind: "html", status: 403 } }] });
  await using client = new ApiClient(simulator);
  expect((await client.insere({ token: null })).text).toMatch(/blocked/);
});

async function garbage(seed: number): Promise<string> {
  await using simulator = await startSimulator({
    seed,
    faults: [{ do: { kind: "garbage", when: "after" } }],
  });
  const response = await fetch(`${simulator.url}/dbdial_webapi.php?${query}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(bytes).toHaveLength(512);
  expect(bytes.includes(0)).toBe(true);
  expect(() => new TextDecoder("utf-8", { fatal: true }).decode(bytes)).toThrow(TypeError);
  return bytes.toString("hex");
}

test("garbage is no UTF-8, holds a NUL, and is the same for the same seed", async () => {
  expect(await garbage(7)).toBe(await garbage(7));
  expect(await garbage(7)).not.toBe(await garbage(8));
});

test("Retry-After comes in seconds, as a date, or as any nonsense", async () => {
  await using simulator = await startSimulator();
  await using client = new ApiClient(simulator);
  const retryAfter = async (fault: Partial<Extract<Fault, { kind: "status" }>>): Promise<unknown> => {
    simulator.setFaults([{ do: { kind: "status", status: 429, ...fault } }]);
    return (await client.insere()).headers["retry-after"];
  };
  expect(await retryAfter({})).toBeUndefined();
  expect(await retryAfter({ retryAfterSeconds: 30 })).toBe("30");
  expect(await retryAfter({ headers: { "Retry-After": "soon" } })).toBe("soon");
  const before = Date.now();
  const date = Date.parse(String(await retryAfter({ retryAfterSeconds: 3600, retryAfterForm: "http-date" })));
  // An HTTP date has whole seconds.
  expect(date).toBeGreaterThanOrEqual(before + 3_599_000);
  expect(date).toBeLessThanOrEqual(Date.now() + 3_600_000);
});

test("a redirect says where to, and a status its type and headers", async () => {
  await using simulator = await startSimulator({
    faults: [
      { match: { nth: 1 }, do: { kind: "redirect", location: "/elsewhere" } },
      {
        do: {
          kind: "status",
          status: 500,
          body: "{}",
          contentType: "application/json",
          headers: { "X-Id": "1" },
        },
      },
    ],
  });
  await using client = new ApiClient(simulator);
  expect((await client.insere()).headers["location"]).toBe("/elsewhere");
  expect((await client.insere()).headers).toMatchObject({ "content-type": "application/json", "x-id": "1" });
});

test("latencies add up, delay the answer of another rule, and do not delay acceptance", async () => {
  await using simulator = await startSimulator({
    faults: [
      { do: { kind: "latency", ms: 30 } },
      { do: { kind: "latency", ms: 20, jitterMs: 10 } },
      { do: { kind: "status", status: 500, when: "after" } },
    ],
  });
  await using client = new ApiClient(simulator);
  const startedAt = performance.now();
  expect((await client.insere()).status).toBe(500);
  // Timers may fire a millisecond early.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49);
  expect(simulator.ledger.size).toBe(1);
});

test("a client that gives up during a latency has its message accepted", async () => {
  const { promise: decided, resolve } = Promise.withResolvers<void>();
  await using simulator = await startSimulator({
    faults: [{ do: { kind: "latency", ms: 3_600_000 } }],
    onRequest: () => resolve(),
  });
  await using client = new ApiClient(simulator);
  const giveUp = new AbortController();
  const answer = client.insere({}, giveUp.signal);
  await decided;
  giveUp.abort();
  await expect(answer).rejects.toThrow(/abort/i);
  expect(simulator.ledger.size).toBe(1);
});
