import { setTimeout as sleep } from "node:timers/promises";

import type { SeededRandom } from "../random/seeded-random.ts";
import type { Insert, NumberSource } from "./outbox-values.ts";
import type { Production } from "./production.ts";
import type { SqlShellProgram } from "./psql.ts";
import { SqlSession } from "./sql-session.ts";
import { drawWork, type Work } from "./work.ts";

/** Beyond this many waiting rows the producers rest, so that the run can end. */
const mostPending = 1500;
const restMs = 100;
const reconnectMs = 200;
const longestThoughtMs = 70;

export interface ProducerParts {
  readonly program: SqlShellProgram;
  readonly databaseUrl: string;
  readonly random: SeededRandom;
  readonly nextNumber: NumberSource;
  readonly production: Production;
  /** How many rows wait at present. */
  readonly pending: () => number;
}

/** Inserts rows until `stop` is aborted, and records whether each was committed. */
export async function produce(parts: ProducerParts, stop: AbortSignal): Promise<void> {
  const { program, databaseUrl, random, nextNumber, production, pending } = parts;
  let session = new SqlSession(program, databaseUrl);
  try {
    while (!stop.aborted) {
      if (!session.isOpen) {
        await session.close();
        await sleep(reconnectMs);
        session = new SqlSession(program, databaseUrl);
      }
      await sleep(random.integer(0, longestThoughtMs));
      if (pending() > mostPending) await sleep(restMs);
      else await perform(session, drawWork(random, nextNumber), production);
    }
  } finally {
    await session.close();
  }
}

async function perform(session: SqlSession, work: Work, production: Production): Promise<void> {
  switch (work.kind) {
    case "statement":
      return insertAlone(session, work.insert, production);
    case "transaction":
      return insertTogether(session, work.inserts, work.end, production);
  }
}

async function insertAlone(
  session: SqlSession,
  { sql, numbers }: Insert,
  production: Production,
): Promise<void> {
  const result = await session.run(sql);
  switch (result.kind) {
    case "done": {
      const inserted = new Set(result.lines);
      production.commit(inserted);
      production.discard(numbers.filter((number) => !inserted.has(number)));
      return;
    }
    case "refused":
      production.discard(numbers);
      return;
    case "lost":
      production.doubt(numbers);
  }
}

async function insertTogether(
  session: SqlSession,
  inserts: readonly Insert[],
  end: "commit" | "rollback",
  production: Production,
): Promise<void> {
  const numbers = inserts.flatMap((insert) => insert.numbers);
  let isWhole = true;
  for (const statement of ["begin", ...inserts.map(({ sql }) => sql)]) {
    const { kind } = await session.run(statement);
    isWhole &&= kind === "done";
  }
  const { kind } = await session.run(isWhole ? end : "rollback");
  // A connection lost before the commit statement rolls back.
  if (!isWhole || end === "rollback" || kind === "refused") production.discard(numbers);
  else if (kind === "lost") production.doubt(numbers);
  else production.commit(numbers);
}
