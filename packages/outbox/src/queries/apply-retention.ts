import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What one batch of the retention did. */
export interface RetentionBatch {
  /** Rows whose personal data was removed. */
  readonly blanked: number;
  readonly deleted: number;
  /** Months of `talkme.attempt` that were dropped. */
  readonly partitions: number;
  /** Rows that a trigger or a foreign key of the customer's keeps as they are. */
  readonly refused: number;
  /** False where the round is over. */
  readonly more: boolean;
  /** The same in a sentence. */
  readonly did: string;
}

/**
 * Does the next batch of what the settings ask for, in a short transaction; whichever instances try, one does it at a
 * time. Not the rows that somebody has locked, and none that is waiting or being sent.
 *
 * @param rows How many rows are blanked or deleted at most.
 * @param restHours A round that ended less than so long ago is not begun again.
 */
export async function applyRetention(
  db: Kysely<OutboxDatabase>,
  rows: number,
  restHours: number,
): Promise<RetentionBatch> {
  const { rows: batches } = await sql<RetentionBatch>`
    select blanked, deleted, partitions, refused, more, did
    from talkme.apply_retention(${rows}, make_interval(hours => ${restHours}))
  `.execute(db);
  const batch = batches[0];
  if (batch === undefined) throw new Error("talkme.apply_retention said nothing.");
  return batch;
}
