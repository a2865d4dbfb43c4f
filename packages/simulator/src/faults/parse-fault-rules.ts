import { z } from "zod";
import { faultRuleSchema, type ResolvedFaultRule } from "./fault-rule.ts";

const rulesSchema = z.array(faultRuleSchema);
const documentSchema = z.strictObject({ faults: rulesSchema });

/** Fault rules that cannot be used. The message has one line for each thing that is wrong and says where. */
export class FaultRulesError extends Error {
  override readonly name = "FaultRulesError";
  readonly code = "TALKME_SIMULATOR_FAULT_RULES";
}

/**
 * Checks rules that came from anywhere: a list, or an object whose only key, `faults`, holds the list.
 *
 * @throws {FaultRulesError} naming everything that is wrong.
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
