import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";

import { defineConfig } from "vitest/config";
import { BaseSequencer, type Reporter, type TestSpecification } from "vitest/node";

/** Packages are tested as they are written: no build comes first. */
const resolve = { conditions: ["@talkme/source"], externalConditions: ["@talkme/source"] };

/** Of the last run that `pnpm test:record` has noted. */
const times: {
  readonly tests: number;
  readonly seconds: number;
  readonly processors: number;
  readonly fileCount: number;
  readonly files: Readonly<Record<string, number>>;
} = JSON.parse(readFileSync(join(import.meta.dirname, ".ci/test-times.json"), "utf8"));

/** Begins with the files that took longest, so that at the end no worker waits for one of them alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's method, not an array's
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => secondsOf(b.moduleId) - secondsOf(a.moduleId));
  }
}

/** A new file counts as short beside the sources, and elsewhere as one of a second. */
function secondsOf(file: string): number {
  return times.files[relative(import.meta.dirname, file)] ?? (file.includes("/src/") ? 0 : 1);
}

/** Says before the whole suite how long it takes. */
const announcement: Reporter = {
  onTestRunStart(files) {
    // Some files may be new or gone since.
    if (files.length < 0.9 * times.fileCount) return;
    const tests = times.tests.toLocaleString("en");
    const minutes = Math.ceil(times.seconds / 60);
    process.stdout.write(
      `${tests} tests, about ${minutes} minutes on ${times.processors} cores; pnpm test packages/core runs a part\n`,
    );
  },
};

export default defineConfig({
  resolve: { conditions: resolve.conditions },
  ssr: { resolve },
  // The environment of vitest's own in which the global setup runs.
  environments: { __vitest__: { resolve } },
  test: {
    // The long tests wait for processes and servers of their own: two cores have room for six at once.
    maxWorkers: Math.max(6, availableParallelism() - 1),
    // The files of a worker share what they import: loading it for each of them would take a tenth of the time.
    isolate: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A condition comes true when it does, also on a machine that has other things to do: vitest would wait 1 s. Half
    // of the longest TALKME_POLL_INTERVAL_MS: what tests have notifications bring, polling would bring too late.
    expect: { poll: { timeout: 30_000 } },
    // What the processes that tests start have compiled is there for the next: nearly half of a start.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/compiled") },
    sequence: { sequencer: LongestFirst },
    reporters: [
      announcement,
      "default",
      ...(process.env["CI"] === "true" ? [["json", { outputFile: "test-report.json" }] as const] : []),
    ],
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
          include: ["{packages/{outbox,sql-prompt,test-postgres},apps/*,bench}/test/**/*.test.ts"],
          globalSetup: [
            "./packages/outbox/test/support/global-setup.ts",
            "./packages/test-syncd/src/vitest/global-setup.ts",
          ],
        },
      },
    ],
  },
});
