import type { OutboxDatabase } from "@talkme/outbox";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";

/** Runs `work` on an outbox with the package's own statements, over one connection. */
export async function withOutbox<T>(
  databaseUrl: string,
  work: (db: Kysely<OutboxDatabase>) => Promise<T>,
): Promise<T> {
  const pool = new Pool({ connectionString: databaseUrl });
  pool.on("error", () => "A closing connection may see its database dropped.");
  const db = new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
