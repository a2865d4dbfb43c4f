import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Creates the missing monthly partitions of `talkme.attempt`; returns how many. */
export async function createAttemptPartitions(
  db: Kysely<OutboxDatabase>,
  monthsAhead: number,
): Promise<number> {
  const { rows } = await sql<{ created: number }>`
    select talkme.create_attempt_partitions(${monthsAhead}) as created
  `.execute(db);
  return rows[0]?.created ?? 0;
}
