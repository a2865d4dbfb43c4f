import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import type { ResolvedFaultRule } from "../faults/fault-rule.ts";
import { FaultRulesError, parseFaultRules } from "../faults/parse-fault-rules.ts";
import { UsageError } from "./usage-error.ts";

/**
 * The rules in a YAML or JSON file: a list, or an object with the list under `faults`.
 *
 * @throws {UsageError} if it cannot be read, is neither YAML nor JSON, or holds wrong rules.
 */
export async function readFaultFile(path: string): Promise<readonly ResolvedFaultRule[]> {
  try {
    // Every JSON document is YAML too.
    const document: unknown = parse(await readFile(path, "utf8"));
    return parseFaultRules(document);
  } catch (error) {
    if (error instanceof FaultRulesError) throw new UsageError(`${path}: ${error.message}`, { cause: error });
    const problem = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot read the fault rules in ${path}: ${problem}`, { cause: error });
  }
}
