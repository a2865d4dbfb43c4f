import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";

import type { OutboxDatabase } from "../../src/index.ts";

/** Connects Kysely to a test database. Losing an idle connection does not fail the test. */
export function connect(url: string): Kysely<OutboxDatabase> {
  const pool = new Pool({ connectionString: url, max: 8 });
  pool.on("error", () => {});
  return new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
}
