import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What one batch of the retention did. */
export interface RetentionBatch {
  /** Rows whose personal data was removed. */
  readonly blanked: number;
  readonly deleted: number;
  /** Months of `talkme.attempt` that were dropped. */
  readonly partitions: number;
  /** Rows that a customer's trigger or foreign key keeps as they are. */
  readonly refused: number;
  /** False when the round is over. */
  readonly more: boolean;
  /** The same in a sentence. */
  readonly did: string;
}

/**
 * Does the next batch of what the settings ask for, in a short transaction; only one instance at a time does. Leaves out rows that
 * somebody has locked, and all that wait or are being sent.
 *
 * @param rows The most rows to blank or delete.
 * @param restHours A round that ended less than this long ago is not begun again.
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
