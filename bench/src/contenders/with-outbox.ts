import type { OutboxDatabase } from "@talkme/outbox";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";

/** Does something to an outbox by the package's own statements. One after another, they go over one connection. */
export async function withOutbox<T>(
  databaseUrl: string,
  work: (db: Kysely<OutboxDatabase>) => Promise<T>,
): Promise<T> {
  const pool = new Pool({ connectionString: databaseUrl });
  pool.on("error", () => "A connection that is being closed may hear that its database is dropped.");
  const db = new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
