import { describe, expect, it } from "vitest";

import { responseRuleSchema } from "./response-rule.ts";

const rule = { name: "r", when: { status: 200 }, outcome: "rejected", code: "mine" };

function problems(change: object): string[] {
  const result = responseRuleSchema.safeParse({ ...rule, ...change });
  return (result.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

describe("responseRuleSchema", () => {
  it("takes a rule as YAML gives it", () => {
    expect(problems({})).toEqual([]);
    expect(
      problems({ when: { status: ["2xx", 404], kind: ["text"], body: "^x", json: { path: "a" } } }),
    ).toEqual([]);
    expect(problems({ outcome: "accepted", code: undefined, reference: String.raw`id (\d+)` })).toEqual([]);
  });

  it("says which regular expression does not compile, and why", () => {
    expect(problems({ when: { body: "(" } })).toEqual([
      expect.stringMatching(/^when\.body: is not a regular expression: .*Unterminated group/),
    ]);
    expect(problems({ reference: "[" })[0]).toMatch(/^reference: is not a regular expression/);
    expect(problems({ when: { json: { path: "a", matches: "*" } } })[0]).toMatch(/^when\.json\.matches: /);
  });

  it.each(["(a+)+", "(a*)*b", "(?:x|a+)+$", "((a+))*", String.raw`(\d+,?){2,}`, "(.*a){20}", "(?<n>[a(]+)+"])(
    "refuses %s, which can take for ever",
    (source) => {
      expect(problems({ when: { body: source } })[0]).toContain("for ever");
    },
  );

  it.each([
    "(a|b)+",
    "(ab)*c+",
    "a+b+",
    String.raw`(\(+)`,
    "([+*])+",
    "(a+)?",
    "(a{2}){3}",
    String.raw`\d{4,}`,
  ])("takes %s", (source) => {
    expect(problems({ when: { body: source } })).toEqual([]);
  });

  it("refuses a rule without a condition, without a needed code, or with a field that it does not know", () => {
    expect(problems({ when: {} })).toHaveLength(1);
    expect(problems({ code: undefined })).toEqual(["code: is needed unless the outcome is accepted"]);
    expect(problems({ when: { stauts: 200 } })[0]).toContain("stauts");
    expect(problems({ when: { status: "20x" } })[0]).toContain("4xx");
  });

  it("refuses one of our own codes with another outcome than it always has", () => {
    expect(problems({ code: "rate_limited" })).toEqual([
      "code: rate_limited always has the outcome not_sent",
    ]);
    expect(problems({ outcome: "not_sent", code: "authentication_failed" })).toEqual([]);
  });
});
