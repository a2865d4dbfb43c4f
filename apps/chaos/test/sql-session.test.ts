import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { expect, onTestFinished, test } from "vitest";

import { findPsql, standIn } from "../src/producer/psql.ts";
import { SqlSession } from "../src/producer/sql-session.ts";

const programs = [findPsql(), standIn].filter((program) => program !== null);

test.for(programs)("a producer using $name knows whether each statement took effect", async (program) => {
  const database = await cloneDatabase();
  const session = new SqlSession(program, database.url);
  onTestFinished(async () => {
    await session.close();
    await database.drop();
  });

  expect(await session.run("values\n(1), (2)")).toEqual({ kind: "done", lines: ["1", "2"] });
  expect(await session.run("begin")).toEqual({ kind: "done", lines: [] });
  expect(await session.run("selec")).toEqual({ kind: "refused", sqlState: "42601" });
  expect(await session.run("select 1")).toEqual({ kind: "refused", sqlState: "25P02" });
  expect(await session.run("rollback")).toEqual({ kind: "done", lines: [] });
  expect(await session.run("select 'again'")).toEqual({ kind: "done", lines: ["again"] });
  expect(session.isOpen).toBe(true);

  expect(await session.run("select pg_terminate_backend(pg_backend_pid())")).toEqual({ kind: "lost" });
  expect(session.isOpen).toBe(false);
  expect(await session.run("select 1")).toEqual({ kind: "lost" });
});
