import type { OutboxDatabase } from "@talkme/outbox";
import { readServerFacts } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { describeDatabaseError } from "../database/database-fault.ts";
import { databasePlace } from "../database/database-place.ts";
import { Database, usualDeadlines } from "../database/database.ts";
import { connection } from "../language/findings/connection.ts";
import { SpokenError } from "../language/spoken-error.ts";

/** Connects for one command. The error of an unreachable server names its address. */
export async function withDatabase<T>(
  url: string,
  work: (db: Kysely<OutboxDatabase>) => Promise<T>,
  deadlines = usualDeadlines,
  maxConnections?: number,
): Promise<T> {
  const database = new Database(url, () => {}, deadlines, maxConnections);
  try {
    await readServerFacts(database.kysely).catch((cause: unknown) => {
      const { message } = describeDatabaseError(cause);
      throw new SpokenError(connection.unreachable(databasePlace(url), message), { cause });
    });
    return await work(database.kysely);
  } finally {
    await database.close();
  }
}
