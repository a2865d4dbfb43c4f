import type { Action, Outcome } from "@talkme/core";
import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import type { OnUnknown, Status } from "../status.ts";
import { guardedFates, plainFates } from "./claim-fates.ts";
import { fateErrors, type FateCode } from "./fate-errors.ts";
import { toAnswer, toWish } from "./settle-and-claim-parameters.ts";

/** What became of a claimed row: written only if the row still belongs to that claim. */
export interface Settlement {
  readonly id: string;
  /** The row's fence and owner at the claim; an answer from another claim is stale. */
  readonly fence: number;
  readonly claimedBy: string;
  readonly status: Extract<Status, "sent" | "failed" | "pending" | "unknown">;
  /** When `pending`: not tried again before this many milliseconds have passed. */
  readonly retryInMs: number | null;
  /** True where the row is not at fault and the attempt does not count. */
  readonly refundAttempt: boolean;
  readonly httpStatus: number | null;
  readonly reference: string | null;
  readonly response: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** The HTTP attempt, for `talkme.attempt`; null where no request was made. */
  readonly attempt: {
    readonly account: string;
    readonly action: Action;
    readonly outcome: Outcome;
    /** How long ago it began: the database's clock turns it into a time. */
    readonly ageMs: number;
    readonly durationMs: number;
  } | null;
}

/** A position in a lane: claims go on behind the row claimed last. */
export interface Cursor {
  /** Microseconds since 1970: a JavaScript Date would lose the last three digits. */
  readonly dueAtUs: number;
  readonly id: string;
}

/** A wish to claim up to `limit` rows of one lane and priority. */
export interface LaneClaim {
  readonly lane: string;
  readonly priority: number;
  readonly after: Cursor | null;
  readonly limit: number;
  readonly account: string;
  /** The alarms of the account's circuit that the instance knows of: after a newer one nothing is claimed. */
  readonly alarms: number;
  /** A row that tries the account or lane, for which this instance has the permit; see {@link saveCircuit}. */
  readonly trial: boolean;
  /** Whether a sending window or a recipient gap holds for the lane: {@link QueuedLane.guarded}. */
  readonly guarded: boolean;
  /** How many rows more than `limit` are looked at for such as may not be sent now. */
  readonly scan: number;
}

/** A row that now belongs to this instance. */
export interface ClaimedRow {
  readonly id: string;
  readonly fence: number;
  readonly account: string;
  readonly idCampanha: string | null;
  readonly idWpp: string | null;
  readonly numeroDest: string | null;
  readonly emailDest: string | null;
  readonly txtmsg: string | null;
  readonly assunto: string | null;
  readonly infoContato: Readonly<Record<string, string>> | null;
  readonly attempts: number;
  readonly maxAttempts: number | null;
  readonly onUnknown: OnUnknown | null;
  readonly lane: string;
  readonly priority: number;
  readonly dueAtUs: number;
  /** From due to claimed, by the database's clock. */
  readonly waitedMs: number;
  /** From claimed to `expires_at`; null where it never expires. */
  readonly expiresInMs: number | null;
  /** What the producer has put into `metadata` under this name: the trace that the row belongs to. */
  readonly traceparent: string | null;
}

/** A row that a claim has met and not sent: it has ended, or its turn comes later. */
export interface PassedRow extends Cursor {
  readonly account: string;
  readonly lane: string;
  readonly priority: number;
  readonly numeroDest: string | null;
  readonly attempts: number;
  readonly code: FateCode;
}

export interface SettleAndClaimResult {
  readonly claimed: readonly ClaimedRow[];
  readonly passed: readonly PassedRow[];
  /** Settlements that matched no row: somebody else has decided in the meantime. */
  readonly stale: readonly string[];
  /** Settlements of rows that somebody else has locked: nothing was written, they have to be settled again. */
  readonly locked: readonly string[];
  /** Accounts whose circuit has changed, or of which something was paused: nothing was claimed for it. */
  readonly held: readonly string[];
  /** False where the instance is no longer registered: it was declared dead, and nothing was claimed. */
  readonly registered: boolean;
}

/** Of a row that was not claimed, or is none, most columns are null. */
interface ResultRow extends Omit<ClaimedRow, "dueAtUs"> {
  readonly kind: "claimed" | FateCode | "stale" | "locked" | "held" | "unregistered";
  readonly dueAtUs: string;
}

/**
 * The hot path: settles what was answered, records the attempts and claims the next rows, in one statement,
 * one round trip and one commit.
 *
 * - A settlement is fenced: it needs the same claim (`fence`, `claimed_by`) and a row still `sending`, or still
 *   `unknown` from that claim. Otherwise it is returned as stale. A row that somebody has locked is not waited for:
 *   it would hold up all others.
 * - A claim is made only by who knows the account's circuit as it is: another instance may have seen it open, or met a
 *   404, since this one looked; and only where nothing is paused. Otherwise the account is returned as held.
 * - A claim takes rows that nobody has locked, in the order of `due_at, id` behind the cursor. What it meets and must not
 *   send ends or is put off in the same statement ({@link plainFates}). Not more than the limits are ever held.
 * - The same settlement may be sent again, or reach the server twice: it settles once, and records its attempt once.
 * - The commit is durable when the answer comes, also where `synchronous_commit` is off: a crash of the server must not
 *   make a row that was sent pending again.
 * - The claim is `id = any(array(...))` because a join became a sequential scan under a generic plan, and the
 *   cursor is a row comparison that the index serves: without it, each claim would walk the dead entries of
 *   everything that was sent while an old snapshot is held.
 *
 * @param slots How many rows may be held once all settlements are written. A row whose settlement is locked is held still,
 *   and takes one of them.
 * @param epoch The instance's; once it has begun a later one, this statement claims nothing.
 */
export async function settleAndClaim(
  db: Kysely<OutboxDatabase>,
  instance: string,
  settlements: readonly Settlement[],
  claims: readonly LaneClaim[],
  slots = claims.reduce((sum, { limit }) => sum + limit, 0),
  epoch = 0,
): Promise<SettleAndClaimResult> {
  const fates = claims.some(({ guarded }) => guarded) ? guardedFates : plainFates;
  const mayClaim = sql`exists (select from talkme.instance where name = ${instance} and epoch = ${epoch})`;
  // A row whose answer could not be written is sending still: its slot is not free.
  const free = sql`greatest(0, ${slots} - (select count(*) from unsettled where locked))`;
  const { rows } = await sql<ResultRow>`
    with answer as materialized (
      select * from json_to_recordset(${JSON.stringify(settlements.map(toAnswer))}::json) as answer (
        id bigint, fence integer, claimed_by text, status text, retry_in_ms double precision, refund integer,
        http_status smallint, reference text, response text, error_code text, error text,
        account text, action text, outcome text, age_ms double precision, duration_ms integer
      )
    ),
    mine as materialized (
      select o.id, o.fence, o.claimed_by, o.status = 'sending' as first, o.blanked_at is not null as blanked
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
        ) as locked,
        exists (select from talkme.outbox as o where o.id = a.id and o.blanked_at is not null) as blanked
      from answer as a
      where (a.id, a.fence, a.claimed_by) not in (select id, fence, claimed_by from settled)
    ),
    -- Answers that came for people who were forgotten meanwhile: of these nothing is kept, here as in their rows.
    forgotten as materialized (
      select id, fence, claimed_by from mine where blanked
      union all
      select id, fence, claimed_by from unsettled where blanked
    ),
    recorded as (
      insert into talkme.attempt (
        outbox_id, attempt, account, action, started_at, duration_ms, outcome,
        http_status, reference, error_code, error, instance
      )
      select
        id, fence, account, action, now() - age_ms * interval '1 millisecond', duration_ms, outcome, http_status,
        case when (id, fence, claimed_by) not in (select * from forgotten) then reference end, error_code,
        case when (id, fence, claimed_by) not in (select * from forgotten) then error end, claimed_by
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
      select w.*, not exists (
        select from talkme.paused as p
        where p.scope in (
          'all', 'account:' || w.account, 'campaign:' || split_part(w.lane, '/', 2), 'channel:' || split_part(w.lane, '/', 3)
        )
      ) and not exists (
        select from talkme.campaign as inactive
        where inactive.account = w.account and not inactive.active
          and inactive.id_campanha = substring(w.lane from '/(\\d+)/[^/]*$')::bigint
      ) and (c.account is null and not w.trial or coalesce(
        c.alarms <= w.alarms
          and case when w.trial then c.trial_by = ${instance} else c.kind is null and c.not_founds = 0 end,
        false
      )) as allowed
      from json_to_recordset(${JSON.stringify(claims.map(toWish))}::json) as w (
        lane text, priority smallint, due_at_us double precision, id bigint, "limit" integer, scan integer,
        account text, alarms bigint, trial boolean
      )
      left join talkme.circuit as c on c.account = w.account
    ),
    ${fates(free, mayClaim)},
    claimed as (
      update talkme.outbox as o set
        status      = case f.code
                        when 'claimed' then 'sending' when 'expired' then 'expired'
                        when 'suppressed' then 'cancelled' when 'forgotten' then 'cancelled' else 'pending'
                      end,
        finished_at = case when f.code in ('expired', 'suppressed', 'forgotten') then now() end,
        retry_at    = coalesce(f.until, o.retry_at),
        error_code  = case when f.code = 'claimed' then o.error_code else f.code end,
        error       = case when f.code = 'claimed' then o.error else ${JSON.stringify(fateErrors)}::jsonb ->> f.code end,
        attempts    = o.attempts + case when f.code = 'claimed' then 1 else 0 end,
        fence       = o.fence + case when f.until is null then 1 else 0 end,
        claimed_by  = case when f.until is null then ${instance} end,
        claimed_at  = case when f.until is null then now() end
      from fate as f
      where o.id = any(array(select id from fate)) and o.id = f.id
      returning o.*, f.code, f.due_at as was_due_at
    )
    select
      code as kind, id, fence, account,
      id_campanha as "idCampanha", id_wpp as "idWpp", numero_dest as "numeroDest", email_dest as "emailDest",
      txtmsg, assunto, info_contato as "infoContato", attempts, max_attempts as "maxAttempts",
      on_unknown as "onUnknown", lane, priority,
      (extract(epoch from greatest(was_due_at, '1900-01-01')) * 1000000)::bigint as "dueAtUs",
      (extract(epoch from clock_timestamp() - greatest(was_due_at, '1900-01-01')) * 1000)::double precision as "waitedMs",
      case when isfinite(expires_at) then extract(epoch from expires_at - now()) * 1000 end::double precision as "expiresInMs",
      metadata->>'traceparent' as traceparent
    from claimed
    union all
    select
      case when locked then 'locked' else 'stale' end, id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
    from unsettled
    union all
    select distinct
      'held', null::bigint, null::integer, account, null::bigint, null::bigint, null, null, null, null, null::jsonb, null::integer, null::smallint, null, null, null::smallint, null::bigint, null::double precision, null::double precision, null
    from wish where not allowed
    union all
    select
      'unregistered', null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null
    where
      -- Never true, and asked first: the commit is on disk before a request is made, also where commits are not by default.
      (current_setting('synchronous_commit') = 'off' and set_config('synchronous_commit', 'local', true) is null)
      or not exists (select from talkme.instance where name = ${instance})
  `.execute(db);

  const claimed: ClaimedRow[] = [];
  const passed: PassedRow[] = [];
  const stale: string[] = [];
  const locked: string[] = [];
  const held: string[] = [];
  let registered = true;
  for (const { kind, ...row } of rows) {
    switch (kind) {
      case "unregistered":
        registered = false;
        break;
      case "held":
        held.push(row.account);
        break;
      case "stale":
        stale.push(row.id);
        break;
      case "locked":
        locked.push(row.id);
        break;
      case "claimed":
        claimed.push({ ...row, dueAtUs: Number(row.dueAtUs) });
        break;
      case "expired":
      case "suppressed":
      case "forgotten":
      case "outside_window":
      case "recipient_gap": {
        const { id, account, lane, priority, numeroDest, attempts } = row;
        passed.push({
          id,
          account,
          lane,
          priority,
          numeroDest,
          attempts,
          dueAtUs: Number(row.dueAtUs),
          code: kind,
        });
      }
    }
  }
  return { claimed, passed, stale, locked, held, registered };
}
