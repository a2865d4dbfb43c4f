import { defineConfig } from "vitest/config";

const conditions = ["@talkme/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // The environment of vitest's own in which the global setup runs.
  environments: { __vitest__: { resolve: { conditions, externalConditions: conditions } } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{packages,apps}/*/src/**/*.test.ts", "packages/{core,simulator}/test/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "postgres",
          include: ["{packages/outbox,packages/test-postgres,apps/*}/test/**/*.test.ts"],
          globalSetup: ["./packages/outbox/test/support/global-setup.ts"],
        },
      },
    ],
  },
});
