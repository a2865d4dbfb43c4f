import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { progress, type Progress } from "./list-campaigns.ts";

/** A batch as `talkme.batches` shows it. */
export interface BatchProgress extends Progress {
  readonly id: string;
  readonly name: string;
}

export interface OpenBatches {
  readonly batches: readonly BatchProgress[];
  /** Open batches beyond these, and their rows that wait. */
  readonly more: number;
  readonly morePending: number;
}

/** Older batches are not looked at: whoever may insert may make any number of them. */
const newestLookedAt = 1000;

/**
 * Batches with rows that wait or are on the wire, and those of the last day, the newest first: at most `most` of them, counted
 * exactly. Costs one descent of an index for each batch, and the waiting rows of all and the rows of those that are returned.
 */
export async function listOpenBatches(db: Kysely<OutboxDatabase>, most: number): Promise<OpenBatches> {
  const { rows: open } = await sql<{ id: string; waiting: number }>`
    select b.id::text as id, w.waiting
    from (select id, created_at from talkme.batch order by id desc limit ${newestLookedAt}) as b
    cross join lateral (
      select count(*)::double precision as waiting
      from talkme.outbox as o
      where o.batch_id = b.id and o.status in ('pending', 'sending')
    ) as w
    where w.waiting > 0 or b.created_at > now() - interval '1 day'
    order by w.waiting = 0, b.id desc
  `.execute(db);
  const [shown, others] = [open.slice(0, most), open.slice(most)];
  const ids = shown.map(({ id }) => id);
  const { rows: batches } = await sql<BatchProgress>`
    select id::text as id, name, ${progress}
    from talkme.batches
    where id = any (${ids}::bigint[])
    order by pending + sending = 0, talkme.batches.id desc
  `.execute(db);
  const morePending = others.reduce((sum, { waiting }) => sum + waiting, 0);
  return { batches, more: others.length, morePending };
}
