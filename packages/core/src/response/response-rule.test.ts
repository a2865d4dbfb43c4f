import { describe, expect, it } from "vitest";

import { responseRuleSchema } from "./response-rule.ts";
import { responseRulesSchema } from "./response-rules.ts";

const rule = { name: "r", when: { status: 200 }, outcome: "rejected", code: "mine" };

function problems(change: object): string[] {
  const result = responseRuleSchema.safeParse({ ...rule, ...change });
  return (result.error?.issues ?? []).map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

const rules = (count: number, body: string): unknown =>
  Array.from({ length: count }, () => ({ ...rule, when: { body } }));

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
      expect.stringMatching(/^when\.body: is not a regular expression: .*missing closing \)/),
    ]);
    expect(problems({ reference: "[" })[0]).toMatch(/^reference: is not a regular expression/);
    expect(problems({ when: { json: { path: "a", matches: "*" } } })[0]).toMatch(/^when\.json\.matches: /);
  });

  it.each([
    ["(?=a)b", "lookahead"],
    ["^(?!ok)", "lookahead"],
    ["(?<=a)b", "lookbehind"],
    [String.raw`(a)\1`, "backreference"],
    [String.raw`(?<x>a)\k<x>`, "backreference"],
    ["a++b", "possessive"],
    ["(?>a)b", "atomic"],
    ["a{2000}", "more than 1,000"],
    ["(.{0,500}){2}x", "steps"],
  ])("says what %s uses that an engine in linear time lacks: %s", (source, words) => {
    expect(problems({ when: { body: source } })[0]).toMatch(new RegExp(`^when\\.body: .*${words}`));
    expect(problems({ reference: source })[0]).toMatch(new RegExp(`^reference: .*${words}`));
    expect(problems({ when: { json: { path: "a", matches: source } } })[0]).toMatch(/^when\.json\.matches: /);
  });

  it.each([
    "(a|b)+",
    "(ab)*c+",
    "(a+)+",
    "(a|a)*$",
    "erro.*:.*inv.*lid.*x",
    String.raw`(\(+)`,
    "([+*])+",
    "[(?=]",
    String.raw`\(\?=`,
    "(a{2}){3}",
    String.raw`\d{4,}`,
    String.raw`n\u00e3o`,
    String.raw`^\d+\|\d+$`,
    String.raw`a\++`,
    "(?<n>a)",
  ])("takes %s", (source) => {
    expect(problems({ when: { body: source } })).toEqual([]);
  });

  it("bounds the number of rules and their total cost", () => {
    expect(responseRulesSchema.safeParse(rules(200, "^a")).success).toBe(true);
    expect(responseRulesSchema.safeParse(rules(201, "^a")).error?.issues[0]?.message).toContain("200");
    expect(responseRulesSchema.safeParse(rules(20, "a{400}")).error?.issues[0]?.message).toContain("5000");
  });

  it("refuses a rule without a condition, without a required code, or with an unknown field", () => {
    expect(problems({ when: {} })).toHaveLength(1);
    expect(problems({ code: undefined })).toEqual(["code: is required unless the outcome is accepted"]);
    expect(problems({ when: { stauts: 200 } })[0]).toContain("stauts");
    expect(problems({ when: { status: "20x" } })[0]).toContain("4xx");
  });

  it("refuses a code of this package with another outcome than its own", () => {
    expect(problems({ code: "rate_limited" })).toEqual([
      "code: rate_limited always has the outcome not_sent",
    ]);
    expect(problems({ outcome: "not_sent", code: "authentication_failed" })).toEqual([]);
  });
});
