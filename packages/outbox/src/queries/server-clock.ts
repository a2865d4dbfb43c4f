import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** The database's clock, in milliseconds since 1970. */
export async function readServerClock(db: Kysely<OutboxDatabase>): Promise<number> {
  const { rows } = await sql<{ ms: number }>`
    select (extract(epoch from clock_timestamp()) * 1000)::double precision as ms
  `.execute(db);
  const [clock] = rows;
  if (clock === undefined) throw new Error("The database did not return its time.");
  return clock.ms;
}
