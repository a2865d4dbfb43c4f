import {
  AuthenticationError,
  InvalidMessageError,
  NotFoundError,
  NotSentError,
  RateLimitedError,
  RejectedError,
  UnknownOutcomeError,
  type TalkmeError,
} from "@talkme/core";
import { describe, expect, test } from "vitest";

import { decide, type OutcomePolicy } from "./outcome.ts";

const policy: OutcomePolicy = { maxAttempts: 3, onUnknown: "hold", backoff: { baseMs: 1000, maxMs: 60_000 } };
const firstAttempt = { attempts: 1, maxAttempts: null, onUnknown: null };
const half = (): number => 0.5;

function afterError(
  error: TalkmeError,
  row: Partial<Parameters<typeof decide>[0]> = {},
  changes: Partial<OutcomePolicy> = {},
) {
  return decide({ ...firstAttempt, ...row }, { kind: "error", error }, { ...policy, ...changes }, half);
}

const refused = new NotSentError("The host refused the connection.", {
  action: "v2",
  code: "connection_refused",
});
const timedOut = new UnknownOutcomeError("The time ran out.", { action: "v2", code: "timeout" });

describe("a row is sent", () => {
  test("only after an accepted answer, which it keeps", () => {
    const answer = {
      outcome: "accepted",
      action: "v2",
      httpStatus: 200,
      reference: "42",
      response: "42",
      rule: "protocol",
    } as const;
    expect(decide(firstAttempt, { kind: "accepted", answer }, policy, half)).toMatchObject({
      settlement: { status: "sent", httpStatus: 200, reference: "42", response: "42", errorCode: null },
      request: { action: "v2", outcome: "accepted" },
      signal: "success",
    });
  });
});

describe("a row fails for good", () => {
  test("when Talk.me rejects it, with the vendor's words", () => {
    const error = new RejectedError("Refused.", {
      action: "v2",
      code: "request_rejected",
      httpStatus: 400,
      response: "sem saldo",
    });
    expect(afterError(error)).toMatchObject({
      settlement: { status: "failed", httpStatus: 400, response: "sem saldo", errorCode: "request_rejected" },
      request: { action: "v2", outcome: "rejected" },
      signal: "success",
    });
  });

  test("when it could never be sent, with the table's names in its error and no attempt recorded", () => {
    const issue = {
      code: "invalid_ddd",
      path: "numeroDest",
      message: "numeroDest: There is no DDD 20.",
    } as const;
    expect(afterError(new InvalidMessageError([issue]))).toMatchObject({
      settlement: {
        status: "failed",
        refundAttempt: true,
        errorCode: "invalid_ddd",
        error: "numero_dest: There is no DDD 20.",
      },
      request: null,
      signal: "none",
    });
  });

  test("when its attempts are used up, the row's own maximum first", () => {
    expect(afterError(refused, { attempts: 3 }).settlement).toMatchObject({
      status: "failed",
      errorCode: "connection_refused",
      error: "Gave up after 3 attempts. The host refused the connection.",
    });
    expect(afterError(refused, { attempts: 3, maxAttempts: 4 }).settlement.status).toBe("pending");
    expect(afterError(refused, { attempts: 1, maxAttempts: 1 }).settlement.status).toBe("failed");
  });

  test("at a 404, which also counts towards the token's lock", () => {
    expect(
      afterError(new NotFoundError("404", { action: "v2", code: "not_found", httpStatus: 404 })),
    ).toMatchObject({
      settlement: { status: "failed" },
      signal: "not_found",
    });
  });
});

describe("a row is retried automatically", () => {
  test("when it was provably not sent, after a wait", () => {
    expect(afterError(refused)).toMatchObject({
      settlement: { status: "pending", retryInMs: 500, refundAttempt: false },
      request: { action: "v2", outcome: "not_sent" },
      signal: "trouble",
    });
  });

  test("no earlier than Retry-After", () => {
    const error = new RateLimitedError("Too many.", {
      action: "v2",
      code: "rate_limited",
      httpStatus: 429,
      retryAfterMs: 120_000,
    });
    expect(afterError(error).settlement.retryInMs).toBe(120_500);
  });

  test("without losing an attempt where the account is at fault, even after its last", () => {
    const error = new AuthenticationError("Refused.", {
      action: "v2",
      code: "authentication_failed",
      httpStatus: 401,
    });
    expect(afterError(error, { attempts: 3 })).toMatchObject({
      settlement: { status: "pending", refundAttempt: true },
      signal: "authentication",
    });
  });

  test("without losing an attempt where the daemon stopped before sending", () => {
    const error = new NotSentError("Aborted.", { action: "v2", code: "aborted_before_send" });
    expect(afterError(error, { attempts: 3 })).toMatchObject({
      settlement: { status: "pending", refundAttempt: true },
      signal: "none",
    });
  });
});

describe("a row that may have been sent", () => {
  test("becomes unknown and waits for a person", () => {
    expect(afterError(timedOut)).toMatchObject({
      settlement: { status: "unknown", retryInMs: null },
      request: { action: "v2", outcome: "unknown" },
    });
  });

  test("is sent again only if the row, or otherwise the daemon, says resend", () => {
    expect(afterError(timedOut, { onUnknown: "resend" }).settlement.status).toBe("pending");
    expect(afterError(timedOut, {}, { onUnknown: "resend" }).settlement.status).toBe("pending");
    expect(afterError(timedOut, { onUnknown: "hold" }, { onUnknown: "resend" }).settlement.status).toBe(
      "unknown",
    );
  });

  test("stays unknown when its attempts are used up, because it may not have failed", () => {
    expect(afterError(timedOut, { onUnknown: "resend", attempts: 3 }).settlement.status).toBe("unknown");
  });

  test("is also the result of a defect of syncd", () => {
    expect(
      decide(firstAttempt, { kind: "defect", error: new TypeError("x") }, policy, half).settlement,
    ).toMatchObject({
      status: "unknown",
      errorCode: "internal_error",
    });
  });
});
