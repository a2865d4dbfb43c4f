import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** What was sent in one slice of the last hour. */
export interface SentInMinutes {
  readonly beginsAt: Date;
  readonly sent: number;
}

/** How many minutes a slice has. */
const slice = 5;

/** What was sent in the last hour, in slices of five minutes, all of them; of one campaign, or all. */
export async function listSentLately(
  db: Kysely<OutboxDatabase>,
  campaign: string | null = null,
): Promise<readonly SentInMinutes[]> {
  const { rows } = await sql<SentInMinutes>`
    with sent as (
      select date_bin(${`${slice} minutes`}::interval, finished_at, 'epoch') as begins_at, count(*) as rows
      from talkme.messages
      where finished_at >= date_bin(${`${slice} minutes`}::interval, now(), 'epoch') - interval '55 minutes'
        and status = 'sent' and (${campaign}::bigint is null or id_campanha = ${campaign}::bigint)
      group by 1
    )
    select t.begins_at as "beginsAt", coalesce(s.rows, 0)::double precision as sent
    from generate_series(
      date_bin(${`${slice} minutes`}::interval, now(), 'epoch') - interval '55 minutes', now(), ${`${slice} minutes`}::interval
    ) as t (begins_at)
    left join sent as s using (begins_at)
    order by 1
  `.execute(db);
  return rows;
}
