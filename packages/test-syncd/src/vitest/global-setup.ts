import type { TestProject } from "vitest/node";

import { bundleSyncd } from "../bundle.ts";
import { bundleVariable } from "../syncd-command.ts";

async function prepare(): Promise<void> {
  process.env[bundleVariable] = await bundleSyncd();
}

/** Bundles the daemon's sources as they are now, also before each rerun: every process that tests start runs that. */
export async function setup(project: TestProject): Promise<void> {
  await prepare();
  project.onTestsRerun(prepare);
}
