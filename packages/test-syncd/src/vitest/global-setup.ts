import type { TestProject } from "vitest/node";

import { bundleSyncd } from "../bundle.ts";
import { bundleVariable } from "../syncd-command.ts";

/** Has every process that tests start be the daemon in one file, made of the sources as they are. */
export async function setup(project: TestProject): Promise<void> {
  const prepare = async (): Promise<void> => {
    process.env[bundleVariable] = await bundleSyncd();
  };
  await prepare();
  project.onTestsRerun(prepare);
}
