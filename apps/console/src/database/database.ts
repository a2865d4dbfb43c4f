import type { OutboxDatabase } from "@talkme/outbox";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";

/** Each request holds one for as long as it takes; more people than this wait their turn. */
const connections = 8;

export interface Database {
  readonly db: Kysely<OutboxDatabase>;
  readonly close: () => Promise<void>;
}

/**
 * Connects when it is first asked.
 *
 * @param onConnectionError Called when an idle connection was lost; the pool replaces it.
 */
export function openDatabase(url: string, onConnectionError: (error: Error) => void): Database {
  const pool = new Pool({
    connectionString: url,
    application_name: "talkme-console",
    max: connections,
    connectionTimeoutMillis: 5000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  pool.on("error", onConnectionError);
  const db = new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
  return { db, close: () => db.destroy() };
}
