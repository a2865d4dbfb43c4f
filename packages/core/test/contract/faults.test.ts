import { RateLimitedError, TalkmeClient, TalkmeError } from "@talkme/core";
import { defaultIdCliente, defaultToken, startSimulator } from "@talkme/simulator";
import type { Fault, SuccessShape } from "@talkme/simulator";
import { describe, expect, it } from "vitest";

const account = { idCliente: defaultIdCliente, token: defaultToken };
const messages = {
  "method 1": { numeroDest: "11988887777", idCampanha: 1 },
  "method 2": { numeroDest: "11988887777", idCampanha: 1, infoContato: { nome: "Fulano" } },
} as const;

interface Result {
  readonly outcome: string;
  readonly code: string | undefined;
  readonly reference: string | null | undefined;
  readonly retryAfterMs: number | undefined;
  readonly accepted: number;
}

/** What a call with a fault came to, and how many messages a person would have got. */
async function resultOf(fault: Fault, method: keyof typeof messages, token = defaultToken): Promise<Result> {
  await using simulator = await startSimulator({ faults: [{ do: fault }] });
  // The others end by what they do, however busy the machine is.
  const timeoutMs = fault.kind === "hang" || fault.kind === "drip" ? 1000 : 60_000;
  await using client = new TalkmeClient({ ...account, token, baseUrl: simulator.url, timeoutMs });
  const result = await client.send(messages[method]).catch((error: unknown) => {
    if (error instanceof TalkmeError) return error;
    throw error;
  });
  return {
    outcome: result.outcome,
    code: result instanceof TalkmeError ? result.code : undefined,
    reference: result instanceof TalkmeError ? undefined : result.reference,
    retryAfterMs: result instanceof RateLimitedError ? result.retryAfterMs : undefined,
    accepted: simulator.ledger.size,
  };
}

const both = ["method 1", "method 2"] as const;

const failures: readonly (readonly [Fault, string, string])[] = [
  [{ kind: "failure", shape: "not-found" }, "rejected", "not_found"],
  [{ kind: "failure", shape: "not-found-text" }, "rejected", "not_found"],
  [{ kind: "failure", shape: "wrong-parameter-text" }, "rejected", "not_found"],
  [{ kind: "failure", shape: "json-error" }, "rejected", "rejected_by_api"],
  [{ kind: "failure", shape: "json-wrapped-error" }, "rejected", "rejected_by_api"],
  [{ kind: "failure", shape: "error-echo" }, "rejected", "rejected_by_api"],
  [{ kind: "status", status: 400, body: "erro" }, "rejected", "request_rejected"],
  [{ kind: "status", status: 401 }, "not_sent", "authentication_failed"],
  [{ kind: "status", status: 403 }, "not_sent", "authentication_failed"],
  [{ kind: "status", status: 429 }, "not_sent", "rate_limited"],
  [{ kind: "status", status: 503 }, "not_sent", "service_unavailable"],
  [{ kind: "status", status: 500, when: "after" }, "unknown", "server_error"],
  [{ kind: "status", status: 502, when: "after" }, "unknown", "server_error"],
  [{ kind: "status", status: 504, when: "after" }, "unknown", "server_error"],
  [{ kind: "html" }, "unknown", "response_html"],
  [{ kind: "html", status: 403 }, "not_sent", "authentication_failed"],
  [{ kind: "redirect" }, "unknown", "redirected"],
  [{ kind: "empty", when: "after" }, "unknown", "response_empty"],
  [{ kind: "garbage", when: "after" }, "unknown", "response_not_text"],
  [{ kind: "hang", when: "before" }, "unknown", "timeout"],
  [{ kind: "hang", when: "after" }, "unknown", "timeout"],
  [{ kind: "drop", when: "unread" }, "unknown", "connection_lost"],
  [{ kind: "drop", when: "before" }, "unknown", "connection_lost"],
  [{ kind: "drop", when: "after" }, "unknown", "connection_lost"],
  [{ kind: "reset", at: "start", when: "after" }, "unknown", "connection_lost"],
  [{ kind: "reset", at: "half", when: "after" }, "unknown", "response_incomplete"],
  [{ kind: "truncate", when: "after" }, "unknown", "response_incomplete"],
  [{ kind: "huge", when: "after" }, "unknown", "response_too_long"],
  [{ kind: "drip", intervalMs: 100, when: "after" }, "unknown", "timeout"],
];

describe.each(both)("a fault of the API, by %s,", (method) => {
  it.concurrent.each(failures)("%j comes to %s, %s", async (fault, outcome, code) => {
    const { accepted, ...result } = await resultOf(fault, method);
    expect(result).toMatchObject({ outcome, code });
    // What a person may have got is never called not sent or rejected.
    expect(accepted === 0 || outcome === "unknown").toBe(true);
  });

  it("that asks to wait says for how long", async () => {
    const fault: Fault = { kind: "status", status: 429, retryAfterSeconds: 7 };
    expect(await resultOf(fault, method)).toMatchObject({ retryAfterMs: 7000 });
  });

  it("that is a wrong token is the account's, not the message's", async () => {
    const result = await resultOf({ kind: "latency", ms: 0 }, method, "wrong-token");
    expect(result).toMatchObject({ outcome: "not_sent", code: "authentication_failed", accepted: 0 });
  });
});

const references: readonly (readonly [SuccessShape, string | null])[] = [
  ["protocol", "100000000001"],
  ["one", null],
  ["inserted", null],
  ["inserted-echo", null],
  ["piped", "100000000001"],
  ["rows", "100000000001"],
  ["json", "100000000001"],
  ["json-wrapped", "100000000001"],
  ["json-integer", "100000000001"],
  ["json-unsafe-integer", "900719100000000001"],
];

describe.each(both)("a success of the API, by %s,", (method) => {
  it.each(references)("of the shape %s is accepted with the reference %s", async (shape, reference) => {
    const fault: Fault = { kind: "success", shape };
    expect(await resultOf(fault, method)).toMatchObject({ outcome: "accepted", reference, accepted: 1 });
  });
});
