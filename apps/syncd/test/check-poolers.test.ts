import { describe, expect, test } from "vitest";

import { check, fine, found, type Report } from "./support/check.ts";
import { PgBouncer } from "./support/pgbouncer.ts";
import { Stage } from "./support/stage.ts";
import { environmentFor } from "./support/syncd.ts";

describe("PgBouncer", () => {
  test.for([
    ["transaction", 2, 0, "ok", "pools transactions"],
    ["session", 3, 0, "ok", "pools sessions"],
    ["session", 2, 0, "warning", "gave out no second connection"],
    ["statement", 2, 1, "problem", "pools statements"],
  ] as const)(
    "in %s mode with %d connections is detected",
    async ([mode, size, code, severity, detail], context) => {
      const stage = await Stage.open();
      const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, size, mode);
      const report = await check({
        ...environmentFor(pgbouncer.url, stage.simulator.url),
        TALKME_LISTEN_URL: stage.databaseUrl,
      });

      expect(report.findings).toContainEqual(
        expect.objectContaining({ subject: "pooler", severity, detail: expect.stringContaining(detail) }),
      );
      expect(report.code).toBe(code);
    },
  );

  test("a server without one is recognized", async () => {
    const stage = await Stage.open();
    const report = await check(environmentFor(stage.databaseUrl, stage.simulator.url));
    expect(fine(report, "pooler")).toEqual([expect.stringContaining("none")]);
  });

  test("in transaction or statement mode cannot deliver notifications: check gives the reason and what to set", async (context) => {
    const stage = await Stage.open();
    const checkBehind = async (mode: "transaction" | "statement"): Promise<Report> => {
      const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, 2, mode);
      return check({
        ...environmentFor(stage.databaseUrl, stage.simulator.url),
        TALKME_LISTEN_URL: pgbouncer.url,
      });
    };
    // Each waits seconds for a notification that does not come.
    const [transaction, statement] = await Promise.all([
      checkBehind("transaction"),
      checkBehind("statement"),
    ]);

    expect(transaction.findings).toContainEqual(
      found("notifications", "warning", "a pooler in transaction mode", "TALKME_LISTEN_URL"),
    );
    expect(statement.findings).toContainEqual(
      found("notifications", "warning", "a pooler in statement mode", "TALKME_LISTEN_URL"),
    );
  });

  test("a URL parameter that it refuses is reported, with where to allow it", async (context) => {
    const stage = await Stage.open();
    const pgbouncer = await PgBouncer.open(context, stage.databaseUrl, 2);
    const url = `${pgbouncer.url}?options=-c%20lock_timeout%3D60000`;
    const report = await check(environmentFor(url, stage.simulator.url));
    expect(report.code).toBe(1);
    expect(report.findings).toContainEqual(
      found("database", "problem", "startup parameter", "ignore_startup_parameters"),
    );
  });
});

test("notifications of another database are recognised", async () => {
  const [stage, other] = await Promise.all([Stage.open(), Stage.open()]);
  const { findings } = await check({
    ...environmentFor(stage.databaseUrl, stage.simulator.url),
    TALKME_LISTEN_URL: other.databaseUrl,
  });
  expect(findings).toContainEqual(
    found("notifications", "warning", "not the database of TALKME_DATABASE_URL", "TALKME_LISTEN_URL"),
  );
});
