import { availableParallelism } from "node:os";

import { defineConfig } from "vitest/config";

/** Packages are tested as they are written: no build comes first. */
const resolve = { conditions: ["@talkme/source"], externalConditions: ["@talkme/source"] };

export default defineConfig({
  resolve: { conditions: resolve.conditions },
  ssr: { resolve },
  // The environment of vitest's own in which the global setup runs.
  environments: { __vitest__: { resolve } },
  test: {
    // The long tests wait for processes and servers of their own: two cores have room for three at once.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters:
      process.env["CI"] === "true" ? ["default", ["json", { outputFile: "test-report.json" }]] : ["default"],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: [
            "{packages,apps}/*/src/**/*.test.ts",
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
          globalSetup: ["./packages/outbox/test/support/global-setup.ts"],
        },
      },
    ],
  },
});
