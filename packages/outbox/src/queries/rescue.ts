import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { OnUnknown } from "../status.ts";
import type { LoggedRow } from "./logged-row.ts";

/** A row whose instance died while it held it. */
export interface RescuedRow extends LoggedRow {
  readonly claimedBy: string;
  readonly status: "unknown" | "pending";
  readonly code: "instance_lost";
}

/**
 * Declares dead every instance that was silent for longer than its lease, and takes from it what it held. Its
 * requests may have been made, so the rows become `unknown`; `pending` where `on_unknown` is `resend` and there are
 * attempts left.
 *
 * The dead instance's registration is deleted in the same statement: should it wake up, it cannot claim, and
 * its late answers settle only what is still `unknown`. Whether and what it sent, nobody knows: `talkme.attempt` gets
 * no row, unless such an answer comes.
 */
export async function rescueFromDeadInstances(
  db: Kysely<OutboxDatabase>,
  onUnknown: OnUnknown,
  maxAttempts: number,
): Promise<readonly RescuedRow[]> {
  const { rows } = await sql<RescuedRow>`
    with dead as (
      delete from talkme.instance where heartbeat_at < now() - lease_seconds * interval '1 second' returning name
    ),
    lost as materialized (
      select
        o.id, o.claimed_by,
        coalesce(o.on_unknown, ${onUnknown}) = 'resend'
          and o.attempts < coalesce(o.max_attempts, ${maxAttempts}) as resend
      from talkme.outbox as o
      where o.status = 'sending' and (
        o.claimed_by in (select name from dead)
        or not exists (select from talkme.instance as i where i.name = o.claimed_by)
      )
      for update skip locked
    )
    update talkme.outbox as o set
      status     = case when lost.resend then 'pending' else 'unknown' end,
      claimed_by = case when not lost.resend then o.claimed_by end,
      claimed_at = case when not lost.resend then o.claimed_at end,
      error_code = 'instance_lost',
      error      = 'The instance ' || lost.claimed_by || ' died while it was sending this row; it may have been sent. '
                   || case
                        when lost.resend then 'It is sent again, as on_unknown says.'
                        else 'Look for it in Talk.me before you send it again.'
                      end
    from lost
    where o.id = lost.id
    returning
      o.id, o.account, o.numero_dest as "numeroDest", o.attempts, lost.claimed_by as "claimedBy", o.status,
      o.error_code as code
  `.execute(db);
  return rows;
}

/** What a claim is known by, as {@link releaseUnsent} takes it: a row may be claimed again while an old claim ends. */
export function claimKey({ id, fence }: { readonly id: string; readonly fence: number }): string {
  return `${id}:${fence}`;
}

/** The database's clock, in microseconds since 1970. */
export async function readDatabaseTime(db: Kysely<OutboxDatabase>): Promise<string> {
  const { rows } = await sql<{ now: string }>`
    select (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
  `.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("The database did not tell the time.");
  return row.now;
}

/**
 * Gives back the rows that a claim gave to this instance without its knowledge: the connection broke between the
 * commit and the answer. No request was made for them, so they are `pending` again and lose no attempt.
 *
 * Should the statement reach the server late, it does no harm: rows that were claimed after `before` are not touched,
 * and of those claimed earlier the instance knows all that it will ever know.
 *
 * @param known The claims that the instance holds, as {@link claimKey} names them.
 * @param before The database's time before `known` was made, from {@link readDatabaseTime}.
 * @returns The ids of the rows that were given back.
 */
export async function releaseUnsent(
  db: Kysely<OutboxDatabase>,
  instance: string,
  known: readonly string[],
  before: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    update talkme.outbox set status = 'pending', attempts = attempts - 1, claimed_by = null, claimed_at = null
    where id = any(array(
      select id from talkme.outbox
      where status = 'sending' and claimed_by = ${instance}
        and claimed_at < timestamptz 'epoch' + ${before}::bigint * interval '1 microsecond'
        and id || ':' || fence <> all(${known}::text[])
      for update skip locked
    ))
    returning id
  `.execute(db);
  return rows.map(({ id }) => id);
}
