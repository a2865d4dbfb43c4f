import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";

import type { OutboxDatabase } from "../../src/index.ts";

/** Connects Kysely to a test database. A connection that is cut while idle is no error of the test. */
export function connect(url: string): Kysely<OutboxDatabase> {
  const pool = new Pool({ connectionString: url, max: 8 });
  pool.on("error", () => {});
  return new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
}
