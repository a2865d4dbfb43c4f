import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

export const verdicts = ["sent", "failed", "resend"] as const;
export type Verdict = (typeof verdicts)[number];

/** The status that a row then has. */
const become = { sent: "sent", failed: "failed", resend: "pending" } as const;

export interface UnknownFilter {
  readonly campaign?: string | undefined;
  readonly channel?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly batch?: string | undefined;
}

/** Rows that may have been sent, of one campaign and for one reason. */
export interface UnknownKind {
  readonly campaign: string | null;
  readonly channel: string | null;
  readonly errorCode: string | null;
  readonly rows: number;
  readonly firstAt: Date | null;
  readonly lastAt: Date | null;
}

/** How many there are, exactly, by campaign and reason. */
export async function countUnknown(
  db: Kysely<OutboxDatabase>,
  filter: UnknownFilter = {},
): Promise<readonly UnknownKind[]> {
  const { rows } = await sql<UnknownKind>`
    select
      id_campanha::text as campaign, id_wpp::text as channel, error_code as "errorCode", count(*)::double precision as rows,
      min(claimed_at) as "firstAt", max(claimed_at) as "lastAt"
    from talkme.messages where ${matches(filter)}
    group by id_campanha, id_wpp, error_code
    order by count(*) desc, id_campanha, id_wpp, error_code
  `.execute(db);
  return rows;
}

export interface UnknownRow {
  readonly id: string;
  readonly account: string;
  readonly campaign: string | null;
  readonly channel: string | null;
  readonly recipient: string | null;
  readonly at: Date | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** The nearest rows of the same campaign that were sent: what Talk.me shows around it. */
  readonly sentBefore: Date | null;
  readonly sentAfter: Date | null;
}

/** Rows further away are no neighbours. */
const neighbours = 200;

/** The oldest first: they have waited longest. */
export async function listUnknown(
  db: Kysely<OutboxDatabase>,
  filter: UnknownFilter,
  after: string | null,
  limit: number,
): Promise<readonly UnknownRow[]> {
  const { rows } = await sql<UnknownRow>`
    select
      u.id::text, u.account, u.id_campanha::text as campaign, u.id_wpp::text as channel,
      coalesce(u.numero_dest, u.email_dest) as recipient, u.claimed_at as at, u.error_code as "errorCode", u.error,
      (
        select max(m.finished_at) from talkme.messages as m
        where m.id between u.id - ${neighbours} and u.id - 1 and m.status = 'sent'
          and m.id_campanha is not distinct from u.id_campanha and m.finished_at <= u.claimed_at
      ) as "sentBefore",
      (
        select min(m.finished_at) from talkme.messages as m
        where m.id between u.id + 1 and u.id + ${neighbours} and m.status = 'sent'
          and m.id_campanha is not distinct from u.id_campanha and m.finished_at >= u.claimed_at
      ) as "sentAfter"
    from (
      select * from talkme.messages
      where ${matches(filter)} and (${after}::bigint is null or id > ${after}::bigint)
      order by id limit ${limit}
    ) as u
    order by u.id
  `.execute(db);
  return rows;
}

function matches({ campaign, channel, errorCode, batch }: UnknownFilter) {
  // The second condition is the index's.
  const conditions = [
    sql`status = 'unknown'`,
    sql`status in ('failed', 'unknown', 'expired', 'cancelled')`,
    ...(campaign === undefined ? [] : [sql`id_campanha = ${campaign}`]),
    ...(channel === undefined ? [] : [sql`id_wpp = ${channel}`]),
    ...(errorCode === undefined ? [] : [sql`error_code = ${errorCode}`]),
    ...(batch === undefined ? [] : [sql`batch_id = ${batch}`]),
  ];
  return sql.join(conditions, sql` and `);
}

/** @returns What `talkme.resolve` says. */
export async function decideOne(
  db: Kysely<OutboxDatabase>,
  id: string,
  verdict: Verdict,
  note: string | null,
): Promise<string> {
  const { rows } = await sql<{ said: string }>`
    select talkme.resolve(${id}::bigint, ${verdict}, ${note}::text) as said
  `.execute(db);
  return rows[0]?.said ?? "";
}

/**
 * Decides about all that match and were unknown at `until`.
 *
 * @returns How many rows were decided, and how many were left: somebody else has them, or they could not be sent again.
 */
export async function decideMany(
  db: Kysely<OutboxDatabase>,
  filter: UnknownFilter,
  until: Date,
  verdict: Verdict,
  note: string | null,
): Promise<{ readonly done: number; readonly left: number }> {
  const { rows } = await sql<{ done: number; left: number }>`
    select
      coalesce(sum(rows) filter (where what = talkme.say(${`done.${become[verdict]}`})), 0)::double precision as done,
      coalesce(sum(rows) filter (where what <> talkme.say(${`done.${become[verdict]}`})), 0)::double precision as left
    from talkme.resolve_where(
      verdict => ${verdict}, status => 'unknown', id_campanha => ${filter.campaign ?? null}::bigint, id_wpp => ${filter.channel ?? null}::bigint,
      error_code => ${filter.errorCode ?? null}::text, batch_id => ${filter.batch ?? null}::bigint,
      until => ${until}::timestamptz, reason => ${note}::text, go => true
    )
  `.execute(db);
  return rows[0] ?? { done: 0, left: 0 };
}
