-- The answers that talkme.settle_and_claim cannot write in one step: retries, rows that were retried, late answers, and rows that
-- somebody has locked, which are left out. They are rare: a turn without any does not start this statement.
--
-- Planned under the settings of settle_and_claim, which is the only caller.
create or replace function talkme.settle_others(others json) returns table (kind text, id bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  locked     bigint[];
  stale      bigint[];
  gone       bigint[];
  changed    bigint[];
  suppressed bigint[];
  waiting    bigint[];
  lost       bigint[];
  rewritten  text;
begin
  with answer as materialized (
    select
      a.*, o.id is not null as mine, o.first,
      o.id is null and coalesce((
        select r.claim = a.claim and r.claimed_by = a.claimed_by and r.status in ('sending', 'unknown')
        from talkme.outbox as r
        where r.id = a.id
      ), false) as locked,
      -- Provably unsent; but a part of the history was lost, in which the row may have been claimed again and sent.
      case when a.status = 'pending' and o.id is not null then talkme.judge_era(a.era) end as last,
      -- The recipient of the row has changed since the claim.
      a.status <> 'unknown' and not o.blanked and a.seal is distinct from o.seal as changed,
      -- The person was forgotten since: nothing of the answer is kept, neither here nor in the row.
      coalesce(o.blanked, (select r.blanked_at is not null from talkme.outbox as r where r.id = a.id), false) as blanked
    from json_populate_recordset(null::talkme.answer, others) as a
    left join lateral (
      select
        o.id, o.status = 'sending' as first, o.blanked_at is not null as blanked,
        talkme.seal(o.numero_dest, o.email_dest) as seal
      from talkme.outbox as o
      where o.id = a.id and o.claim = a.claim and o.claimed_by = a.claimed_by and o.status in ('sending', 'unknown')
      for update skip locked
    ) as o on true
  ),
  settled as (
    update talkme.outbox as o set
      status      = a.becomes,
      attempts    = o.attempts - a.refund,
      claim       = case a.becomes when 'pending' then null when 'unknown' then a.claim else -a.claim end,
      retry_at    = case when a.becomes = a.status then now() + a.retry_in_ms * interval '1 millisecond' end,
      claimed_by  = case when a.becomes <> 'pending' then o.claimed_by end,
      claimed_at  = case when a.becomes <> 'pending' then o.claimed_at end,
      finished_at = case when a.status in ('sent', 'failed') then now() end,
      http_status = a.http_status,
      reference   = a.reference,
      response    = a.response,
      error_code  = case when a.becomes = a.status then a.error_code else 'history_changed' end,
      error       = case when a.becomes = a.status then a.error else
                      'Its last request sent nothing, but the database has lost a part of its history since, in which it may have been '
                      'sent by another one. Look for it in Talk.me before you send it again.'
                    end
    from (select answer.*, case when last = 'lost' then 'unknown' else status end as becomes from answer) as a
    where a.mine and not a.changed and a.last is distinct from 'open' and o.id = a.id
    returning o.id, a.claim, o.status as became, a.becomes as status, a.blanked, a.last = 'lost' as lost
  ),
  recorded as (
    insert into talkme.attempt (
      outbox_id, attempt, account, action, started_at, duration_ms, outcome,
      http_status, reference, error_code, error, instance, claim
    )
    select
      id, fence, account, action, now() - age_ms * interval '1 millisecond', duration_ms, outcome,
      http_status, case when not blanked then reference end, error_code, case when not blanked then error end, claimed_by,
      claim
    from answer
    where action is not null
      -- An acceptance is recorded even if its row cannot say so now: then nobody sends it again.
      and (outcome = 'accepted' or not locked and (not mine or (id, claim) in (select id, claim from settled)))
      -- The attempt of a claim is recorded once, whatever came before, in time or late, and whatever number an answer gives it.
      and (first and outcome <> 'accepted' or (
        select true from talkme.attempt as t
        where t.outbox_id = answer.id and t.claim = answer.claim
          and t.instance = answer.claimed_by and t.started_at > now() - interval '1 day'
        limit 1
      ) is null)
  )
  select
    coalesce(array_agg(id) filter (where locked), '{}'),
    array_agg(id) filter (where not mine and not locked),
    -- Accepted, but no row says so or can be made to.
    array_agg(id) filter (where not mine and not locked and status = 'sent' and not coalesce((
      select abs(r.claim) = answer.claim and r.claimed_by = answer.claimed_by and r.status = 'sent' from talkme.outbox as r where r.id = answer.id
    ), false)),
    array_agg(id) filter (where mine and changed),
    coalesce(
      array_agg(id) filter (
        where mine and not changed and last is distinct from 'open' and (id, claim) not in (select id, claim from settled)
      ), '{}'
    ),
    array_agg(id) filter (where mine and not changed and last = 'open'),
    (select array_agg(settled.id) from settled where settled.lost),
    (select id || ' ' || became from settled where became <> status and not blanked limit 1)
  into locked, stale, gone, changed, suppressed, waiting, lost, rewritten
  from answer;
  if rewritten is not null then
    perform talkme.refuse_rewriting(rewritten);
  end if;

  kind := 'locked';
  foreach id in array locked loop return next; end loop;
  kind := 'stale';
  foreach id in array coalesce(stale, '{}') loop return next; end loop;
  kind := 'gone';
  foreach id in array coalesce(gone, '{}') loop return next; end loop;
  kind := 'changed';
  foreach id in array coalesce(changed, '{}') loop return next; end loop;
  kind := 'suppressed_settlement';
  foreach id in array suppressed loop return next; end loop;
  kind := 'history_open';
  foreach id in array coalesce(waiting, '{}') loop return next; end loop;
  kind := 'history_lost';
  foreach id in array coalesce(lost, '{}') loop return next; end loop;
end
$$;

comment on function talkme.settle_others(json) is
  'Settles what could not be settled in one step, and records the attempts; returns the rows that stay as they are, and why';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.settle_others(json) from public;
grant execute on function talkme.settle_others(json) to talkme_daemon;
