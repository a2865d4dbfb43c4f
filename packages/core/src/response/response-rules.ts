import * as z from "zod";

import { regexpSteps } from "./regexp-source.ts";
import { responseRuleSchema, type ResponseRule } from "./response-rule.ts";

/** An answer that matches none is tried against all of a user's rules. */
const mostRules = 200;
const mostSteps = 5000;

/** A user's rules, bounded so that any answer is judged within milliseconds. */
export const responseRulesSchema = z
  .array(responseRuleSchema)
  .max(mostRules, { error: `must be at most ${mostRules} rules` })
  .superRefine((rules, context) => {
    const steps = rules.flatMap(expressionsOf).reduce((sum, source) => sum + regexpSteps(source), 0);
    if (steps <= mostSteps) return;
    context.addIssue({
      code: "custom",
      message: `have regular expressions of ${steps} steps for each character together, of at most ${mostSteps}: shorten them`,
    });
  });

function expressionsOf({ when, reference }: ResponseRule): readonly string[] {
  return [when.contentType, when.body, when.json?.matches, reference].filter(
    (source) => source !== undefined,
  );
}
