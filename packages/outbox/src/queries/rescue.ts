import { sql, type Kysely, type RawBuilder } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { OnUnknown } from "../status.ts";
import type { LoggedRow } from "./logged-row.ts";
import { rowsOwnFault } from "./rows-own-fault.ts";

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
  try {
    const { rows } = await rescue(onUnknown, maxAttempts, null).execute(db);
    return rows;
  } catch (error) {
    if (rowsOwnFault(error) === null) throw error;
  }
  // A trigger or constraint of the customer's refuses one of the rows: it must not keep the others.
  const { rows: lost } = await sql<{ id: string }>`
    with dead as (
      delete from talkme.instance where heartbeat_at < now() - lease_seconds * interval '1 second' returning name
    )
    select o.id from talkme.outbox as o
    where o.status = 'sending' and (
      o.claimed_by in (select name from dead)
      or not exists (select from talkme.instance as i where i.name = o.claimed_by)
    )
  `.execute(db);
  const rescued: RescuedRow[] = [];
  for (const { id } of lost) {
    try {
      const { rows } = await rescue(onUnknown, maxAttempts, id).execute(db);
      rescued.push(...rows);
    } catch (error) {
      if (rowsOwnFault(error) === null) throw error;
    }
  }
  return rescued;
}

/** @param id The only row that it is about; null: all. */
function rescue(onUnknown: OnUnknown, maxAttempts: number, id: string | null): RawBuilder<RescuedRow> {
  return sql<RescuedRow>`
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
      ) and (${id}::bigint is null or o.id = ${id}::bigint)
      for update skip locked
    )
    update talkme.outbox as o set
      status     = case when lost.resend then 'pending' else 'unknown' end,
      claim      = case when not lost.resend then abs(o.claim) end,
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
  `;
}

/** What a claim of this process is known by, as {@link reclaim} takes it. */
export function claimKey({ id, claim }: { readonly id: string; readonly claim: number }): string {
  return `${id}:${claim}`;
}

/** What a process knows of its own turns. */
export interface KnownTurns {
  /** The claims that it holds, as {@link claimKey} names them. */
  readonly claims: readonly string[];
  /** The turns whose answer never came, as ranges: what they claimed, it has never sent. */
  readonly lost: readonly TurnRange[];
  /** The last turn: of later ones it knew nothing when it asked. */
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
  /** Their requests were made, and the table says nothing of it: they are `unknown`. */
  readonly forgotten: readonly string[];
}

/**
 * Takes care of the rows that are `sending` in the name of this instance without being known to it.
 *
 * - Those that a lost turn has claimed, whose connection broke between the commit and the answer, are `pending` again: nobody
 *   has ever sent them.
 * - Of all others the instance has made the request, or cannot tell: a failover, a restore or a trigger has undone what was
 *   written of them. They become `unknown`, and never `pending`.
 *
 * Should the statement reach the server late, it does no harm: what later turns claimed is not touched.
 */
export async function reclaim(
  db: Kysely<OutboxDatabase>,
  instance: string,
  { claims, lost, last }: KnownTurns,
): Promise<Reclaimed> {
  const about: About = { instance, claims, last, ranges: rangesText(lost) };
  try {
    return sortOut((await takeBack(about, null).execute(db)).rows);
  } catch (error) {
    if (rowsOwnFault(error) === null) throw error;
  }
  // A trigger or constraint of the customer's refuses one of the rows: it must not keep the others, nor the turns.
  const { rows: mine } = await sql<{ id: string }>`
    select id from talkme.outbox where status = 'sending' and claimed_by = ${instance}
  `.execute(db);
  const taken: TakenBack[] = [];
  for (const { id } of mine) {
    try {
      taken.push(...(await takeBack(about, id).execute(db)).rows);
    } catch (error) {
      if (rowsOwnFault(error) === null) throw error;
    }
  }
  return sortOut(taken);
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

function sortOut(rows: readonly TakenBack[]): Reclaimed {
  const idsOf = (wanted: string): readonly string[] =>
    rows.filter(({ status }) => status === wanted).map(({ id }) => id);
  return { released: idsOf("pending"), forgotten: idsOf("unknown") };
}

/** @param only The only row that it is about; null: all. */
function takeBack({ instance, claims, last, ranges }: About, only: string | null): RawBuilder<TakenBack> {
  return sql<TakenBack>`
    with mine as materialized (
      select id, claim is not null and claim <@ ${ranges}::int8multirange as unsent
      from talkme.outbox
      where status = 'sending' and claimed_by = ${instance} and coalesce(claim, 0) <= ${last}
        and (claim is null or id || ':' || claim <> all(${claims}::text[]))
        and (${only}::bigint is null or id = ${only}::bigint)
      for update skip locked
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
  `;
}

const answerForgotten =
  "It was sending, although its answer had been written: a failover, a restore, a trigger or a person has undone that. It may have been sent. Look for it in Talk.me before you send it again.";
