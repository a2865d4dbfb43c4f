import { availableParallelism } from "node:os";
import { join } from "node:path";

import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Packages are tested as they are written: no build comes first. */
const resolve = { conditions: ["@talkme/source"], externalConditions: ["@talkme/source"] };

/**
 * Of an earlier run vitest knows which files are long and begins with them. A clean clone has none: there the programs
 * in apps/ go first, and the tests beside the sources, which are short, fill the end.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's method, not an array's
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId));
  }
}

function rank(file: string): number {
  if (file.includes("/src/")) return 2;
  return file.includes("/apps/") ? 0 : 1;
}

export default defineConfig({
  resolve: { conditions: resolve.conditions },
  ssr: { resolve },
  // The environment of vitest's own in which the global setup runs.
  environments: { __vitest__: { resolve } },
  test: {
    // The long tests wait for processes and servers of their own: two cores have room for three at once.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A condition comes true when it does, also on a machine that has other things to do: vitest would wait 1 s. Half
    // of the longest TALKME_POLL_INTERVAL_MS: what tests have notifications bring, polling would bring too late.
    expect: { poll: { timeout: 30_000 } },
    // What the processes that tests start have compiled is there for the next: nearly half of a start.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/compiled") },
    sequence: { sequencer: LongestFirst },
    reporters:
      process.env["CI"] === "true" ? ["default", ["json", { outputFile: "test-report.json" }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "{packages,apps}/*/{src,scripts}/**/*.test.ts",
            "bench/src/**/*.test.ts",
            "packages/{core,simulator}/test/**/*.test.ts",
          ],
        },
      },
      {
        extends: true,
        test: {
          name: "postgres",
          include: ["{packages/outbox,packages/test-postgres,apps/*,bench}/test/**/*.test.ts"],
          globalSetup: [
            "./packages/outbox/test/support/global-setup.ts",
            "./packages/test-syncd/src/vitest/global-setup.ts",
          ],
        },
      },
    ],
  },
});
