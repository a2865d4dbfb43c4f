import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** A list or an import, with exact counts, as in `talkme.batches`. */
export interface Batch {
  readonly id: string;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expectedRows: number | null;
  readonly rows: number;
  readonly pending: number;
  readonly due: number;
  readonly held: number;
  readonly sending: number;
  readonly sent: number;
  readonly unknown: number;
  readonly failed: number;
  readonly expired: number;
  readonly cancelled: number;
  readonly paused: boolean;
  readonly ratePerSecond: number | null;
  readonly expectedEnd: Date | null;
}

const columns = sql`
  id::text, name, created_by as "createdBy", created_at as "createdAt", expected_rows as "expectedRows",
  rows::double precision, pending::double precision, due::double precision, held::double precision,
  sending::double precision, sent::double precision, unknown::double precision, failed::double precision,
  expired::double precision, cancelled::double precision, paused,
  rate_per_second::double precision as "ratePerSecond", expected_end as "expectedEnd"
`;

/** The latest batches; each is counted, so ask for few. */
export async function listBatches(
  db: Kysely<OutboxDatabase>,
  before: string | null,
  limit: number,
): Promise<readonly Batch[]> {
  // Counts these only: the view alone would count every batch before it sorts.
  const { rows } = await sql<Batch>`
    select ${columns}
    from (
      select id from talkme.batch
      where ${before}::bigint is null or id < ${before}::bigint order by id desc limit ${limit}
    ) as latest (latest_id)
    cross join lateral (select * from talkme.batches as b where b.id = latest.latest_id) as b
    order by latest.latest_id desc
  `.execute(db);
  return rows;
}

/** One batch; null if there is none, or the person may not see it. */
export async function readBatch(db: Kysely<OutboxDatabase>, id: string): Promise<Batch | null> {
  const { rows } = await sql<Batch>`select ${columns} from talkme.batches where batches.id = ${id}`.execute(
    db,
  );
  return rows[0] ?? null;
}

/** Cancels what still waits of a batch; returns how many rows, and how many were left. */
export async function cancelRest(
  db: Kysely<OutboxDatabase>,
  id: string,
  reason: string,
): Promise<{ readonly done: number; readonly left: number }> {
  const { rows } = await sql<{ done: number; left: number }>`
    select
      coalesce(sum(rows) filter (where what = talkme.say('done.cancelled')), 0)::double precision as done,
      coalesce(sum(rows) filter (where what <> talkme.say('done.cancelled')), 0)::double precision as left
    from talkme.cancel_where(batch_id => ${id}, reason => ${reason}, go => true)
  `.execute(db);
  return rows[0] ?? { done: 0, left: 0 };
}
