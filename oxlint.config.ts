import { defineConfig, type OxlintOverride } from "oxlint";

/** What no part of the house but one may import, with the reason that the linter gives. */
const http = { name: "undici", message: "HTTP lives in @talkme/core alone." };
const sql = { name: "kysely", importNames: ["sql"], message: "SQL lives in @talkme/outbox alone." };
const everywhere = [
  { name: "@talkme/simulator", message: "Only tests and the demo use the simulator." },
  { name: "@talkme/test-postgres", message: "Only tests and the demo start a PostgreSQL." },
  { name: "@talkme/test-debian", message: "Only tests use the programs of Debian's packages." },
  { name: "@talkme/test-syncd", message: "Only tests and the demo start the daemon." },
  { name: "@talkme/syncd", message: "Nothing is built on the daemon." },
  { name: "@talkme/console", message: "Nothing is built on the console." },
];

/** The rooms of apps/syncd/src: none imports from one that comes later. */
export const rooms = [
  "text",
  "language",
  "policy",
  "database",
  "config",
  "logging",
  "metrics",
  "accounts",
  "service",
  "admission",
  "lanes",
  "sending",
  "instance",
  "careful",
  "maintenance",
  "turn",
  "http",
  "status",
  "checks",
  "commands",
];

/** Those of apps/console/src. */
const consoleRooms = ["config", "database", "language", "persons", "look", "requests", "pages", "http"];

/** Policy is pure: it is told what it needs. */
const impure = because("Policy is pure: it is told what it needs.", "pino", "pg", "kysely");

/** The console knows the database through its own statements, and never asks the API. */
const foreign = because(
  "The console has statements of its own: @talkme/outbox/console.",
  "@talkme/outbox/daemon",
  "@talkme/core",
);

interface Ban {
  readonly name: string;
  readonly message: string;
  readonly importNames?: string[];
}

/** Several names, one reason. */
function because(message: string, ...names: readonly string[]): readonly Ban[] {
  return names.map((name) => ({ name, message }));
}

function ban(files: string, paths: readonly Ban[], above: readonly string[] = []): OxlintOverride {
  const patterns =
    above.length === 0
      ? []
      : [
          {
            group: above.map((room) => `**/${room}/**`),
            message: "Rooms import from those below them: see oxlint.config.ts.",
          },
        ];
  return {
    files: [files],
    rules: {
      "no-restricted-imports": ["error", { paths: [...everywhere, ...paths], patterns }],
    },
  };
}

export default defineConfig({
  plugins: ["typescript", "unicorn", "import", "promise", "node", "vitest", "oxc"],
  categories: { correctness: "error", suspicious: "error", perf: "error" },
  ignorePatterns: ["**/dist/**"],
  rules: {
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/consistent-return": "off",
    "typescript/switch-exhaustiveness-check": "error",
    "typescript/consistent-type-imports": "error",
    "typescript/only-throw-error": "error",
    "typescript/return-await": ["error", "in-try-catch"],
    "typescript/no-non-null-assertion": "error",
    "import/no-default-export": "error",
    "import/no-cycle": ["error", { ignoreTypes: false }],
    eqeqeq: "error",
    "no-console": "error",
    "no-await-in-loop": "off",
    "unicorn/filename-case": ["error", { case: "kebabCase" }],
  },
  overrides: [
    { files: ["*.config.ts"], rules: { "import/no-default-export": "off" } },
    ban("**/src/**", [http, sql]),
    ban(
      "packages/core/src/**",
      because("The client knows nothing of PostgreSQL.", "kysely", "pg", "@talkme/outbox"),
    ),
    ban("packages/outbox/src/**", [http, ...because("The caller brings the connection.", "pg")]),
    ...rooms.map((room, place) =>
      ban(
        `apps/syncd/src/${room}/**`,
        room === "policy" ? [http, ...impure] : [http, sql],
        rooms.slice(place + 1),
      ),
    ),
    ban("apps/console/src/**", [http, sql, ...foreign]),
    ...consoleRooms.map((room, place) =>
      ban(`apps/console/src/${room}/**`, [http, sql, ...foreign], consoleRooms.slice(place + 1)),
    ),
    {
      files: ["apps/demo/src/**", "apps/chaos/**", "bench/**", "packages/test-*/**", "**/*.test.ts"],
      rules: { "no-restricted-imports": "off" },
    },
  ],
});
