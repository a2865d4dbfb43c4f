-- Which rows a turn of talkme.settle_and_claim takes where a lane is restricted: it has sending windows, or gaps between the
-- messages to one recipient. Locks all rows that it meets. Without restrictions a shorter statement does the work.
--
-- Planned under the settings of settle_and_claim, which is the only caller.
create or replace function talkme.pick_restricted(
  wishes json, claimer text, claimer_epoch bigint, slots integer,
  out registered boolean, out durable text, out stop text, out refused text[], out mine tid[], out fates talkme.fate[]
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  with self as materialized (select * from talkme.judge_claimer(claimer)),
  wish as materialized (select * from talkme.judge_wishes(wishes, claimer)),
  met as materialized (
    select r.*, wish."limit", wish.gap, wish.open_minutes
    from wish
    cross join lateral (
      select
        r.ctid as place, r.id, r.claim, r.lane, r.priority, r.due_at, r.expires_at, r.blanked_at, r.recipient, r.email_dest
      from talkme.outbox as r
      where r.status = 'pending' and r.lane = wish.lane and r.priority = wish.priority
        and r.due_at < now() and (r.due_at, r.id) > (wish.due_at, wish.id)
        and (wish.avoid is null or r.id <> all(wish.avoid))
      order by r.due_at, r.id
      limit wish."limit" + wish.scan
      for update skip locked
    ) as r
    where wish.allowed and slots > 0 and (select self.epoch = claimer_epoch and self.may and self.stop is null from self)
  ),
  judged as materialized (
    select met.*, ending.code as ending, opening.at as opens_at, earlier.at + met.gap as gap_until
    from met
    cross join lateral (select case
        when met.claim is not null then 'claim_unsettled'
        when met.expires_at <= now() then 'expired'
        when met.blanked_at is not null then 'forgotten'
        when (select true from talkme.suppression as s where s.recipient = met.recipient) then 'suppressed'
        when met.email_dest is null then null
        when (select true from talkme.suppression as s where s.recipient = talkme.address_key(met.email_dest)) then 'suppressed'
      end as code) as ending
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
    -- For a recipient with a gap, the first row only.
    select
      ready.*,
      row_number() over (partition by lane, priority order by due_at, id) <= "limit" as fits,
      row_number() over (order by due_at, id) <= slots as has_slot
    from (
      select *, gap is null or row_number() over (partition by gap is null, recipient order by due_at, id) = 1 as first
      from judged
      where ending is null and gap_until is null and coalesce(opens_at <= now(), true)
    ) as ready
    where first
  ),
  taken as (
    -- In one order everywhere, so that two instances that want the same turns never deadlock.
    insert into talkme.gap_claim as t (recipient)
    select recipient from ready where fits and has_slot and gap is not null order by recipient
    on conflict (recipient) do update set number = t.number + 1, taken_at = now()
    where t.number = (select seen.number from talkme.gap_claim as seen where seen.recipient = excluded.recipient)
    returning recipient
  ),
  fate as (
    select
      j.*,
      case
        when j.ending is not null then j.ending
        when j.opens_at > now() then 'outside_window'
        when j.gap_until is not null then 'recipient_gap'
        -- Another row of the recipient goes now, or has just gone.
        when r.id is null then 'recipient_gap'
        when j.gap is not null and j.recipient not in (select recipient from taken) then 'recipient_gap'
      end as code
    from judged as j
    left join ready as r on r.id = j.id
    -- The others were only looked at.
    where r.id is null or (r.fits and r.has_slot)
  )
  select
    (select true from self),
    (select self.durability from self),
    (select self.stop from self),
    (select array_agg(distinct wish.account) from wish where not wish.allowed),
    array_agg(fate.place) filter (where code is null),
    array_agg(row(
      fate.id, fate.due_at,
      case code
        when 'outside_window' then opens_at
        when 'recipient_gap' then coalesce(gap_until, now() + least(gap, interval '1 second'))
      end,
      code
    )::talkme.fate) filter (where code is not null)
  into registered, durable, stop, refused, mine, fates
  from fate;
end
$$;

comment on function talkme.pick_restricted(json, text, bigint, integer) is
  'The rows to claim from restricted lanes (mine), those that end or are put off (fates), and accounts whose claim is refused';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.pick_restricted(json, text, bigint, integer) from public;
grant execute on function talkme.pick_restricted(json, text, bigint, integer) to talkme_daemon;
