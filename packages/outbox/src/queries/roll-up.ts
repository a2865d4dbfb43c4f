import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What one step through the hours did. */
export interface RolledUp {
  /** When the hour begins that was counted; null if none was. Exact to the microsecond, for the next step. */
  readonly counted: string | null;
  /** False when the round is over. */
  readonly more: boolean;
}

/**
 * Counts what ended in the next hour into `talkme.hourly`; only one instance at a time does.
 *
 * @param after The hour that the step before counted; null begins a round.
 * @param restSeconds A round that ended less than this long ago is not begun again.
 */
export async function rollUp(
  db: Kysely<OutboxDatabase>,
  after: string | null,
  restSeconds: number,
): Promise<RolledUp> {
  const { rows } = await sql<RolledUp>`
    select counted::text, more from talkme.roll_up(${after}::timestamptz, make_interval(secs => ${restSeconds}))
  `.execute(db);
  const step = rows[0];
  if (step === undefined) throw new Error("talkme.roll_up said nothing.");
  return step;
}
