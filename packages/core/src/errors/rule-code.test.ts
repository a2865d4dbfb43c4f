import { describe, expect, expectTypeOf, it } from "vitest";

import type { ErrorCode, RuleCode, TalkmeError } from "../index.ts";
import { interpretResponse, isErrorCode } from "../index.ts";

type Code = TalkmeError["code"];

function ofRule(code: "timeout" | "aborted" | RuleCode): RuleCode {
  if (code === "timeout") throw new Error(code);
  // @ts-expect-error -- "aborted" is left, as it would be in the default of a switch
  const tooEarly: RuleCode = code;
  if (code === "aborted") throw new Error(tooEarly);
  return code;
}

describe("the code of an error", () => {
  it("is one of errorCodes, or else one of a rule of the user's own", () => {
    expectTypeOf<Exclude<Code, RuleCode>>().toEqualTypeOf<ErrorCode>();
    expectTypeOf<Exclude<Code, ErrorCode>>().toEqualTypeOf<RuleCode>();
  });

  it("narrows case by case to what is left, so that the compiler finds a forgotten one", () => {
    expect(() => ofRule("aborted")).toThrow("aborted");
  });

  it("of a user's rule comes through as it was written", () => {
    const rule = {
      name: "ours",
      when: { body: "^xyz$" },
      outcome: "rejected",
      code: "out_of_credit",
    } as const;
    const verdict = interpretResponse({ httpStatus: 200, contentType: undefined, body: "xyz" }, [rule]);
    if (verdict.outcome === "accepted") throw new Error("accepted");
    expect(verdict.code).toBe("out_of_credit");
    expect(isErrorCode(verdict.code)).toBe(false);
    // A code of one's own is compared without a cast.
    expect(verdict.code === "out_of_credit").toBe(true);
  });
});
