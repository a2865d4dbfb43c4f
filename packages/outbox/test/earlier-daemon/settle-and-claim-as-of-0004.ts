import { sql, type Kysely } from "kysely";

import type { ClaimedRow as CurrentRow, LaneClaim, Settlement } from "../../src/daemon.ts";
import type { OutboxDatabase } from "../../src/index.ts";

type ClaimedRow = CurrentRow & { readonly expired: boolean };

interface SettleAndClaimResult {
  readonly claimed: readonly ClaimedRow[];
  readonly stale: readonly string[];
  readonly locked: readonly string[];
  readonly held: readonly string[];
  readonly registered: boolean;
}

interface ResultRow extends Omit<ClaimedRow, "id" | "dueAtUs"> {
  readonly kind: "claimed" | "stale" | "locked" | "held" | "unregistered";
  readonly id: string | null;
  readonly dueAtUs: string;
}

const expiredError =
  "It was not sent before expires_at. To send it after all, insert it again with a later one.";

/** A settlement as a row of the statement's `answer`. */
function toAnswer(settlement: Settlement): Record<string, unknown> {
  const { attempt } = settlement;
  return {
    id: settlement.id,
    fence: settlement.fence,
    claimed_by: settlement.claimedBy,
    status: settlement.status,
    retry_in_ms: settlement.retryInMs,
    refund: settlement.refundAttempt ? 1 : 0,
    http_status: settlement.httpStatus,
    reference: settlement.reference,
    response: settlement.response,
    error_code: settlement.errorCode,
    error: settlement.error,
    account: attempt?.account,
    action: attempt?.action,
    outcome: attempt?.outcome,
    age_ms: attempt?.ageMs,
    duration_ms: attempt?.durationMs,
  };
}

/** A claim as a row of the statement's `wish`. */
function toWish(claim: LaneClaim): Record<string, unknown> {
  return {
    lane: claim.lane,
    priority: claim.priority,
    due_at_us: claim.after?.dueAtUs ?? null,
    id: claim.after?.id ?? "0",
    limit: claim.limit,
    account: claim.account,
    alarms: claim.alarms,
    trial: claim.trial,
  };
}

/**
 * What a daemon asks that knows the schema as far as migration 0004: it goes on while newer migrations are made. Frozen,
 * as it was then.
 */
export async function settleAndClaimAsOf0004(
  db: Kysely<OutboxDatabase>,
  instance: string,
  settlements: readonly Settlement[],
  claims: readonly LaneClaim[],
  slots = claims.reduce((sum, { limit }) => sum + limit, 0),
  epoch = 0,
): Promise<SettleAndClaimResult> {
  const { rows } = await sql<ResultRow>`
    with answer as materialized (
      select * from json_to_recordset(${JSON.stringify(settlements.map(toAnswer))}::json) as answer (
        id bigint, fence integer, claimed_by text, status text, retry_in_ms double precision, refund integer,
        http_status smallint, reference text, response text, error_code text, error text,
        account text, action text, outcome text, age_ms double precision, duration_ms integer
      )
    ),
    mine as materialized (
      select o.id, o.fence, o.claimed_by, o.status = 'sending' as first
      from answer as a
      join talkme.outbox as o on o.id = a.id and o.fence = a.fence and o.claimed_by = a.claimed_by
      where o.status in ('sending', 'unknown')
      for update of o skip locked
    ),
    settled as (
      update talkme.outbox as o set
        status      = a.status,
        attempts    = o.attempts - a.refund,
        retry_at    = now() + a.retry_in_ms * interval '1 millisecond',
        claimed_by  = case when a.status <> 'pending' then o.claimed_by end,
        claimed_at  = case when a.status <> 'pending' then o.claimed_at end,
        finished_at = case when a.status in ('sent', 'failed') then now() end,
        http_status = a.http_status,
        reference   = a.reference,
        response    = a.response,
        error_code  = a.error_code,
        error       = a.error
      from answer as a
      where o.id = any(array(select id from mine))
        and a.id = o.id and a.fence = o.fence and a.claimed_by = o.claimed_by
      returning o.id, a.fence, a.claimed_by
    ),
    unsettled as materialized (
      select
        a.id, a.fence, a.claimed_by,
        exists (
          select from talkme.outbox as o
          where o.id = a.id and o.fence = a.fence and o.claimed_by = a.claimed_by
            and o.status in ('sending', 'unknown')
        ) as locked
      from answer as a
      where (a.id, a.fence, a.claimed_by) not in (select id, fence, claimed_by from settled)
    ),
    recorded as (
      insert into talkme.attempt (
        outbox_id, attempt, account, action, started_at, duration_ms, outcome,
        http_status, reference, error_code, error, instance
      )
      select
        id, fence, account, action, now() - age_ms * interval '1 millisecond', duration_ms, outcome,
        http_status, reference, error_code, error, claimed_by
      from answer
      where action is not null
        and (id, fence, claimed_by) not in (select id, fence, claimed_by from unsettled where locked)
        -- Whatever came before, in time or late: an attempt is recorded once.
        and (
          (id, fence, claimed_by) in (select id, fence, claimed_by from mine where first)
          or not exists (
            select from talkme.attempt as t
            where t.outbox_id = answer.id and t.attempt = answer.fence and t.started_at > now() - interval '1 day'
          )
        )
    ),
    wish as materialized (
      select w.*, c.account is null and not w.trial or coalesce(
        c.alarms <= w.alarms
          and case when w.trial then c.trial_by = ${instance} else c.kind is null and c.not_founds = 0 end,
        false
      ) as allowed
      from json_to_recordset(${JSON.stringify(claims.map(toWish))}::json) as w (
        lane text, priority smallint, due_at_us double precision, id bigint, "limit" integer,
        account text, alarms bigint, trial boolean
      )
      left join talkme.circuit as c on c.account = w.account
    ),
    claimed as (
      update talkme.outbox as o set
        status      = case when o.expires_at <= now() then 'expired' else 'sending' end,
        finished_at = case when o.expires_at <= now() then now() end,
        error_code  = case when o.expires_at <= now() then 'expired' else o.error_code end,
        error       = case when o.expires_at <= now() then ${expiredError} else o.error end,
        attempts    = o.attempts + case when o.expires_at <= now() then 0 else 1 end,
        fence       = o.fence + 1,
        claimed_by  = ${instance},
        claimed_at  = now()
      where o.id = any(array(
        select picked.id
        from wish
        cross join lateral (
          select r.id
          from talkme.outbox as r
          where r.status = 'pending' and r.lane = wish.lane and r.priority = wish.priority
            and r.due_at <= now()
            and (r.due_at, r.id) > (
              coalesce(timestamptz 'epoch' + wish.due_at_us * interval '1 microsecond', '-infinity'), wish.id
            )
          order by r.due_at, r.id
          limit wish."limit"
          for update skip locked
        ) as picked
        where wish.allowed and exists (select from talkme.instance where name = ${instance} and epoch = ${epoch})
        -- A row whose answer could not be written is sending still: its slot is not free.
        limit greatest(0, ${slots} - (select count(*) from unsettled where locked))
      ))
      returning o.*
    )
    select
      'claimed' as kind, id, fence, status = 'expired' as expired, account,
      id_campanha as "idCampanha", id_wpp as "idWpp", numero_dest as "numeroDest", email_dest as "emailDest",
      txtmsg, assunto, info_contato as "infoContato", attempts, max_attempts as "maxAttempts",
      on_unknown as "onUnknown", lane, priority,
      (extract(epoch from greatest(due_at, '1900-01-01')) * 1000000)::bigint as "dueAtUs",
      (extract(epoch from clock_timestamp() - greatest(due_at, '1900-01-01')) * 1000)::double precision as "waitedMs",
      case when isfinite(expires_at) then extract(epoch from expires_at - now()) * 1000 end::double precision as "expiresInMs"
    from claimed
    union all
    select
      case when locked then 'locked' else 'stale' end, id, null, false, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
    from unsettled
    union all
    select distinct
      'held', null::bigint, null::integer, false, account, null::bigint, null::bigint, null, null, null, null, null::jsonb, null::integer, null::smallint, null, null, null::smallint, null::bigint, null::double precision, null::double precision
    from wish where not allowed
    union all
    select
      'unregistered', null, null, false, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
    where
      -- Never true, and asked first: the commit is on disk before a request is made, also where commits are not by default.
      (current_setting('synchronous_commit') = 'off' and set_config('synchronous_commit', 'local', true) is null)
      or not exists (select from talkme.instance where name = ${instance})
  `.execute(db);

  const claimed: ClaimedRow[] = [];
  const stale: string[] = [];
  const locked: string[] = [];
  const held: string[] = [];
  let registered = true;
  for (const { kind, ...row } of rows) {
    if (kind === "unregistered") registered = false;
    else if (kind === "held") held.push(row.account);
    else if (row.id === null) throw new Error(`A ${kind} row without id.`);
    else if (kind === "stale") stale.push(row.id);
    else if (kind === "locked") locked.push(row.id);
    else claimed.push({ ...row, id: row.id, dueAtUs: row.dueAtUs });
  }
  return { claimed, stale, locked, held, registered };
}
