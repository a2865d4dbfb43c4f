import { sql, type RawBuilder } from "kysely";

type Fragment = RawBuilder<unknown>;

/**
 * Which pending rows a claim meets, and what becomes of each: the common table expression `fate` of
 * `settleAndClaim`, one row for each with its `code`. Most are `claimed`. A row ends where its time is over, its
 * recipient is suppressed or its person was forgotten: asked for each at its claim, so that it binds from its commit on.
 *
 * @param free How many rows may be claimed in all.
 * @param mayClaim Whether any may.
 */
export function plainFates(free: Fragment, mayClaim: Fragment): Fragment {
  return sql`
    fate as materialized (
      select met.*, null::timestamptz as until, coalesce(${endingOf(sql`met`)}, 'claimed') as code
      from (
        select r.id, r.lane, r.priority, r.due_at, r.expires_at, r.blanked_at, r.recipient
        from wish
        cross join lateral ${dueRows(sql`wish."limit"`)} as r
        where wish.allowed and ${mayClaim}
        limit ${free}
      ) as met
    )`;
}

/**
 * As {@link plainFates}, for lanes with a sending window or a gap between two messages to one recipient. A row whose
 * recipient may not be written to now is put off: it stays pending, and is due when that is over.
 *
 * - While a window is open in a part of the country, `scan` rows more than the limit are looked at, so that those that
 *   are put off do not hold up the others for long.
 * - The gap counts from the claims of rows that were sent, or may have been. Two instances that claim rows for one
 *   recipient at the same moment do not see each other's: `talkme.turn` lets only that one through which has seen the
 *   last turn.
 */
export function guardedFates(free: Fragment, mayClaim: Fragment): Fragment {
  return sql`
    rule as materialized (
      select
        wish.*,
        coalesce(c.open_minutes, a.open_minutes) as open_minutes,
        nullif(coalesce(c.recipient_gap, a.recipient_gap), interval '0') as gap
      from wish
      left join talkme.account as a on a.account = wish.account
      left join talkme.campaign as c
        on c.account = wish.account and c.id_campanha = substring(wish.lane from '/(\\d+)/[^/]*$')::bigint
    ),
    met as materialized (
      select
        r.id, r.lane, r.priority, r.due_at, r.expires_at, r.blanked_at, r.recipient,
        wish."limit", wish.gap, wish.open_minutes
      from rule as wish
      cross join lateral ${dueRows(sql`wish."limit" + wish.scan`)} as r
      where wish.allowed and ${mayClaim}
    ),
    judged as materialized (
      select met.*, ending.code as ending, opening.at as opens_at, earlier.at + met.gap as gap_until
      from met
      cross join lateral (select ${endingOf(sql`met`)} as code) as ending
      left join lateral (
        select talkme.opens_at(met.open_minutes, met.recipient, now()) as at
        where ending.code is null and met.open_minutes is not null
      ) as opening on true
      left join lateral (
        select max(o.claimed_at) as at
        from talkme.outbox as o
        where ending.code is null and met.gap is not null and o.recipient = met.recipient and o.id <> met.id
          and o.status in ('sending', 'sent', 'unknown') and o.claimed_at > now() - met.gap
      ) as earlier on true
    ),
    ready as materialized (
      -- Of a recipient with a gap, the first row alone.
      select
        ready.*,
        row_number() over (partition by lane, priority order by due_at, id) <= "limit" as fits,
        row_number() over (order by due_at, id) <= ${free} as has_slot
      from (
        select *, gap is null or row_number() over (partition by gap is null, recipient order by due_at, id) = 1 as first
        from judged
        where ending is null and gap_until is null and coalesce(opens_at <= now(), true)
      ) as ready
      where first
    ),
    taken as (
      -- In one order everywhere: two instances that want the same turns must not wait for each other in a circle.
      insert into talkme.turn as t (recipient)
      select recipient from ready where fits and has_slot and gap is not null order by recipient
      on conflict (recipient) do update set number = t.number + 1, taken_at = now()
      where t.number = (select seen.number from talkme.turn as seen where seen.recipient = excluded.recipient)
      returning recipient
    ),
    fate as materialized (
      select
        id, lane, priority, due_at, code,
        case code
          when 'outside_window' then opens_at
          when 'recipient_gap' then coalesce(gap_until, now() + least(gap, interval '1 second'))
        end as until
      from (
        select
          j.*,
          case
            when j.ending is not null then j.ending
            when j.opens_at > now() then 'outside_window'
            when j.gap_until is not null then 'recipient_gap'
            -- Another row of the recipient goes now, or has just gone.
            when r.id is null then 'recipient_gap'
            when j.gap is not null and j.recipient not in (select recipient from taken) then 'recipient_gap'
            else 'claimed'
          end as code
        from judged as j
        left join ready as r on r.id = j.id
        -- The others were only looked at.
        where r.id is null or (r.fits and r.has_slot)
      ) as judged
    )`;
}

/** Why a row ends instead of being sent; null where it does not. */
function endingOf(row: Fragment): Fragment {
  return sql`case
    when ${row}.expires_at <= now() then 'expired'
    when ${row}.blanked_at is not null then 'forgotten'
    when exists (select from talkme.suppression as s where s.recipient = ${row}.recipient) then 'suppressed'
  end`;
}

/** The next due rows of `wish`, behind its cursor, that nobody has locked. */
function dueRows(limit: Fragment): Fragment {
  return sql`(
    select r.*
    from talkme.outbox as r
    where r.status = 'pending' and r.lane = wish.lane and r.priority = wish.priority
      and r.due_at <= now()
      and (r.due_at, r.id) > (
        coalesce(timestamptz 'epoch' + wish.due_at_us * interval '1 microsecond', '-infinity'), wish.id
      )
    order by r.due_at, r.id
    limit ${limit}
    for update skip locked
  )`;
}
