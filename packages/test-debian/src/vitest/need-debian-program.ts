import type { TestContext } from "vitest";

import { debianProgram } from "../debian-program.ts";
import type { DebianProgram, DebianResult } from "../debian-result.ts";

/**
 * A program that a test requires. If it is unavailable, the test is skipped with the reason; with
 * `TALKME_TEST_DEBIAN=required` it fails, so that nothing goes untested unnoticed.
 */
export async function needDebianProgram(
  context: Pick<TestContext, "skip">,
  packageName: string,
  pathInPackage: string,
  others: readonly string[] = [],
): Promise<DebianProgram> {
  return foundOrSkipped(await debianProgram(packageName, pathInPackage, others), (reason) =>
    context.skip(reason),
  );
}

/** @param skip Ends the test. */
export function foundOrSkipped(result: DebianResult, skip: (reason: string) => never): DebianProgram {
  if (result.kind === "found") return result;
  if (process.env["TALKME_TEST_DEBIAN"] === "required") throw new Error(result.reason);
  return skip(result.reason);
}
