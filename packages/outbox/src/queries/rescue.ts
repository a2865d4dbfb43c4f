import { sql, type Kysely, type RawBuilder } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { OnUnknown } from "../status.ts";
import { blame } from "./blame.ts";
import type { LoggedRow } from "./logged-row.ts";
import { patiently, usualPatience } from "./patience.ts";
import { changeRowByRow, type OnRefused } from "./row-by-row.ts";

/** A row whose instance died while it was `sending`. */
export interface RescuedRow extends LoggedRow {
  readonly claimedBy: string;
  readonly status: "unknown" | "pending";
  readonly code: "instance_lost";
}

/**
 * Declares dead every instance that was silent for longer than its lease, and takes its rows. Their requests may have been made, so
 * they become `unknown`; or `pending`, if `on_unknown` is `resend`, there are attempts left, and `talkme.attempt` does not say that
 * the message was accepted. After a change of the database's history such rows stay as they are until it is acknowledged.
 *
 * The same statement deletes the registration: if the instance wakes up, it cannot claim, and its late answers settle only what is
 * still `unknown`. Nobody knows whether and what it sent: `talkme.attempt` gets no row, unless such an answer comes.
 *
 * @param onRefused Gets the rows that a trigger or constraint keeps as they are; the others are rescued.
 */
export async function rescueFromDeadInstances(
  db: Kysely<OutboxDatabase>,
  onUnknown: OnUnknown,
  maxAttempts: number,
  onRefused: OnRefused = () => {},
): Promise<readonly RescuedRow[]> {
  const rescue = (ids: readonly string[] | null): Promise<readonly RescuedRow[]> =>
    patiently(db, usualPatience, (transaction) => takeRows(transaction, onUnknown, maxAttempts, ids));
  try {
    return await rescue(null);
  } catch (error) {
    if (blame(error) === "server") throw error;
  }
  await patiently(db, usualPatience, (transaction) =>
    sql`delete from talkme.instance where heartbeat_at < now() - lease_seconds * interval '1 second'`.execute(
      transaction,
    ),
  );
  const { rows: orphans } = await sql<{ id: string }>`
    select o.id from talkme.outbox as o
    where o.status = 'sending' and not exists (select from talkme.instance as i where i.name = o.claimed_by)
    order by random()
  `.execute(db);
  return changeRowByRow(
    orphans.map(({ id }) => id),
    rescue,
    onRefused,
  );
}

/** @param ids Only these; null for all. */
async function takeRows(
  db: Kysely<OutboxDatabase>,
  onUnknown: OnUnknown,
  maxAttempts: number,
  ids: readonly string[] | null,
): Promise<readonly RescuedRow[]> {
  const { rows } = await sql<RescuedRow>`
    with dead as (
      delete from talkme.instance where heartbeat_at < now() - lease_seconds * interval '1 second' returning name
    ),
    lost as materialized (
      select
        o.id, o.claimed_by,
        accepted."is" as accepted, not accepted."is" and coalesce(o.on_unknown, ${onUnknown}) = 'resend'
          and o.attempts < coalesce(o.max_attempts, ${maxAttempts}) as resend
      from talkme.outbox as o
      cross join lateral (
        select exists (
          select from talkme.attempt as t
          where t.outbox_id = o.id and t.claim = o.claim and t.instance = o.claimed_by and t.outcome = 'accepted'
        )
      ) as accepted ("is")
      where o.status = 'sending' and (${ids}::bigint[] is null or o.id = any(${ids}::bigint[])) and (
        o.claimed_by in (select name from dead)
        or not exists (select from talkme.instance as i where i.name = o.claimed_by)
      )
      for update of o skip locked
    )
    update talkme.outbox as o set
      status     = case when lost.resend then 'pending' else 'unknown' end,
      claim      = case when not lost.resend then abs(o.claim) end,
      claimed_by = case when not lost.resend then o.claimed_by end,
      claimed_at = case when not lost.resend then o.claimed_at end,
      error_code = 'instance_lost',
      error      = 'The instance ' || lost.claimed_by || ' died while it was sending this row; it '
                   || case when lost.accepted then 'was accepted (talkme.attempt). ' else 'may have been sent. ' end
                   || case
                        when lost.resend then 'It is sent again, as on_unknown says.'
                        else 'Look for it in Talk.me before you send it again.'
                      end
    from lost
    where o.id = lost.id and not (lost.resend and not (select h.changed_at is null and h.server_started_at = pg_postmaster_start_time() from talkme.history as h))
    returning
      o.id, o.account, o.numero_dest as "numeroDest", o.attempts, lost.claimed_by as "claimedBy", o.status,
      o.error_code as code
  `.execute(db);
  return rows;
}

/** The turns wait for a reclaim. */
const mostRefusalsInATurn = 3;

/** Names a claim of this process, for {@link reclaim}. */
export function claimKey({ id, claim }: { readonly id: string; readonly claim: number }): string {
  return `${id}:${claim}`;
}

/** What a process knows of its own turns. */
export interface KnownTurns {
  /** The claims that it holds, as {@link claimKey} names them. */
  readonly claims: readonly string[];
  /** The turns whose answer never came, as ranges: it has never sent what they claimed. */
  readonly lost: readonly TurnRange[];
  /** The last turn before it asked: it knew nothing of later ones. */
  readonly last: number;
}

/** Turns from `first` to `last`. */
export interface TurnRange {
  readonly first: number;
  readonly last: number;
}

export interface Reclaimed {
  /** No request was made for them: they are `pending` again, and lose no attempt. */
  readonly released: readonly string[];
  /** Their requests were made, but the table does not say so: they are `unknown`. */
  readonly forgotten: readonly string[];
}

/**
 * Recovers the rows that are `sending` in the name of this instance without being known to it.
 *
 * - Those claimed by a lost turn, whose connection broke between the commit and the answer, are `pending` again: nobody has ever
 *   sent them. After a change of the database's history they stay as they are until it is acknowledged, and become `unknown` if
 *   claims may have been lost: another instance may have sent them since.
 * - For all others the instance has made the request, or cannot say: a failover, a restore or a trigger has undone what was
 *   written of them. They become `unknown`, never `pending`.
 *
 * A statement that reaches the server late does no harm: it does not touch what later turns claimed.
 *
 * @param onRefused Gets the rows that a trigger or constraint keeps as they are; these must not keep the others or the turns.
 */
export async function reclaim(
  db: Kysely<OutboxDatabase>,
  instance: string,
  { claims, lost, last }: KnownTurns,
  onRefused: OnRefused = () => {},
): Promise<Reclaimed> {
  const about: About = { instance, claims, last, ranges: rangesText(lost) };
  const { rows: mine } = await sql<{ id: string }>`
    select id from talkme.outbox where ${areOurs(about)} order by random()
  `.execute(db);
  const taken = await changeRowByRow(
    mine.map(({ id }) => id),
    (ids) => patiently(db, usualPatience, (transaction) => takeBack(transaction, about, ids)),
    onRefused,
    mostRefusalsInATurn,
  );
  const idsOf = (wanted: string): readonly string[] =>
    taken.filter(({ status }) => status === wanted).map(({ id }) => id);
  return { released: idsOf("pending"), forgotten: idsOf("unknown") };
}

interface About extends Pick<KnownTurns, "claims" | "last"> {
  readonly instance: string;
  readonly ranges: string;
}

interface TakenBack {
  readonly id: string;
  readonly status: string;
}

function rangesText(ranges: readonly TurnRange[]): string {
  return `{${ranges.map(({ first, last }) => `[${first},${last}]`).join(",")}}`;
}

/** Rows that are sending in our name without being known to us. */
function areOurs({ instance, claims, last }: About): RawBuilder<boolean> {
  return sql<boolean>`
    status = 'sending' and claimed_by = ${instance} and coalesce(claim, 0) <= ${last}
      and (claim is null or id || ':' || claim <> all(${claims}::text[]))
  `;
}

async function takeBack(
  db: Kysely<OutboxDatabase>,
  about: About,
  ids: readonly string[],
): Promise<readonly TakenBack[]> {
  const { rows } = await sql<TakenBack>`
    with mine as materialized (
      select id, claim is not null and claim <@ ${about.ranges}::int8multirange and last is distinct from 'lost' as unsent
      from talkme.outbox
      cross join (
        select talkme.judge_era((select era from talkme.instance where name = ${about.instance})) as last
      ) as judged
      where id = any(${ids}::bigint[]) and ${areOurs(about)}
        and (last is distinct from 'open' or claim is null or not claim <@ ${about.ranges}::int8multirange)
      for update of outbox skip locked
    )
    update talkme.outbox as o set
      status     = case when mine.unsent then 'pending' else 'unknown' end,
      attempts   = o.attempts - mine.unsent::integer,
      claim      = case when not mine.unsent then abs(o.claim) end,
      claimed_by = case when not mine.unsent then o.claimed_by end,
      claimed_at = case when not mine.unsent then o.claimed_at end,
      error_code = case when not mine.unsent then 'answer_forgotten' else o.error_code end,
      error      = case when mine.unsent then o.error else ${answerForgotten} end
    from mine
    where o.id = mine.id
    returning o.id, o.status
  `.execute(db);
  return rows;
}

const answerForgotten =
  "It was sending, although its answer had been written: a failover, a restore, a trigger or a person has undone that. It may have been sent. Look for it in Talk.me before you send it again.";
