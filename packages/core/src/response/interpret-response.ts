import { isErrorCode, type ErrorCode } from "../errors/error-codes.ts";
import { isRuleCode, type RuleCode } from "../errors/rule-code.ts";
import type { Answer } from "./answer.ts";
import { compileRule } from "./compile-rule.ts";
import type { CompiledRule } from "./compile-rule.ts";
import { defaultResponseRules } from "./default-response-rules.ts";
import { compileLinear, compileNative } from "./regexp-source.ts";
import type { ResponseRule } from "./response-rule.ts";
import { responseShape } from "./response-shape.ts";
import type { Verdict } from "./verdict.ts";

/**
 * What an answer means: the first rule that applies decides; without one it is `unknown`. Pure and total: every answer
 * gets one of the four outcomes. Rules are compiled once for each array, so reuse the array and do not change it.
 *
 * @param rules In order. Default: `defaultResponseRules`. Must have been checked with `responseRuleSchema`.
 */
export function interpretResponse(
  answer: Answer,
  rules: readonly ResponseRule[] = defaultResponseRules,
): Verdict {
  const shape = responseShape(answer);
  for (const compiled of compiledRules(rules)) {
    if (!compiled.applies(answer, shape)) continue;
    const { name, outcome, code } = compiled.rule;
    const reference = compiled.reference(shape);
    if (outcome === "accepted") return { outcome, reference, rule: name };
    return { outcome, code: codeOf(code), reference, rule: name };
  }
  return { outcome: "unknown", code: "response_unrecognized", reference: null, rule: null };
}

/** A rule that was checked has a code unless it says accepted. */
function codeOf(code: string | undefined): ErrorCode | RuleCode {
  return code !== undefined && (isErrorCode(code) || isRuleCode(code)) ? code : "response_unrecognized";
}

const ownRules: ReadonlySet<ResponseRule> = new Set(defaultResponseRules);
const compiledByArray = new WeakMap<readonly ResponseRule[], readonly CompiledRule[]>();

function compiledRules(rules: readonly ResponseRule[]): readonly CompiledRule[] {
  let compiled = compiledByArray.get(rules);
  if (compiled === undefined) {
    compiled = rules.map((rule) => compileRule(rule, ownRules.has(rule) ? compileNative : compileLinear));
    compiledByArray.set(rules, compiled);
  }
  return compiled;
}
