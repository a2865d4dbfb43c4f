import { z } from "zod";
import { faultRuleSchema, type ResolvedFaultRule } from "./fault-rule.ts";

const rulesSchema = z.array(faultRuleSchema);
const documentSchema = z.strictObject({ faults: rulesSchema });

/** Invalid fault rules. The message has a line for each problem and says where it is. */
export class FaultRulesError extends Error {
  override readonly name = "FaultRulesError";
  readonly code = "TALKME_SIMULATOR_FAULT_RULES";
}

/**
 * Validates rules: a list, or an object whose only key `faults` has the list.
 *
 * @throws {FaultRulesError} with all problems.
 */
export function parseFaultRules(input: unknown): readonly ResolvedFaultRule[] {
  const isList = Array.isArray(input);
  const result = isList ? rulesSchema.safeParse(input) : documentSchema.safeParse(input);
  if (!result.success) {
    throw new FaultRulesError(`the fault rules are wrong:\n${z.prettifyError(result.error)}`, {
      cause: result.error,
    });
  }
  return Array.isArray(result.data) ? result.data : result.data.faults;
}
