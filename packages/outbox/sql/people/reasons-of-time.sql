create or replace function talkme.reasons_of_time(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  held_until   constant timestamptz := talkme.held_until();
  open_minutes int4multirange;
  gap          interval;
  opens_at     timestamptz;
  gap_until    timestamptz;
begin
  -- The pause of its batch is named as such.
  if o.retry_at = held_until and not (
    o.error_code = 'batch_paused' and exists (select from talkme.paused as p where p.scope = 'batch:' || o.batch_id)
  ) then
    return next (
      case
        when o.error_code in ('held_burst', 'held_duplicate') then o.error_code
        when o.error_code = 'held' then 'held_by_person'
        else 'held'
      end,
      coalesce((
        select jsonb_strip_nulls(jsonb_build_object('by', a.who, 'note', a.reason))
        from talkme.actions_on(o.id) as a
        where o.error_code = 'held' and a.action = 'pause_where'
        order by a.id desc
        limit 1
      ), '{}') || jsonb_build_object(
        'of', case when o.batch_id is null then 'campaign' else 'batch' end,
        'scope', coalesce('batch:' || o.batch_id, 'campaign:' || coalesce(o.id_campanha::text, 'ID'))
      )
    )::talkme.reason;
  end if;
  if o.send_at > now() then
    return next ('not_due', jsonb_build_object('until', o.send_at))::talkme.reason;
  end if;
  if o.retry_at > now() and o.retry_at < held_until and o.retry_at >= o.send_at then
    if o.error_code is null then
      return next ('retry_at', jsonb_build_object('until', o.retry_at))::talkme.reason;
    elsif o.error_code not in ('outside_window', 'recipient_gap') then
      return next (
        case when o.attempts > 0 then 'attempt_failed' else 'attempt_not_counted' end,
        jsonb_build_object(
          'attempts', o.attempts, 'error_code', o.error_code, 'error', talkme.hide_numbers(o.error), 'until', o.retry_at
        )
      )::talkme.reason;
    end if;
  end if;

  -- What a claim has put off, and what it would put off now.
  select coalesce(c.open_minutes, a.open_minutes), nullif(coalesce(c.recipient_gap, a.recipient_gap), interval '0')
  into open_minutes, gap
  from (select) as one
  left join talkme.campaign as c on c.account = o.account and c.id_campanha = o.id_campanha
  left join talkme.account as a on a.account = o.account;
  opens_at := greatest(
    case when o.error_code = 'outside_window' and o.retry_at < held_until then o.retry_at end,
    case when open_minutes is not null then talkme.opens_at(open_minutes, o.recipient, now()) end
  );
  if opens_at > now() then
    return next ('window_closed', jsonb_build_object('until', opens_at))::talkme.reason;
  end if;
  if o.error_code = 'recipient_gap' and o.retry_at < held_until then
    gap_until := o.retry_at;
  elsif gap is not null then
    select max(r.claimed_at) + gap into gap_until
    from talkme.outbox as r
    where r.recipient = o.recipient and r.id <> o.id and r.status in ('sending', 'sent', 'unknown') and r.claimed_at > now() - gap;
  end if;
  if gap_until > now() then
    return next ('recipient_gap', jsonb_build_object('until', gap_until))::talkme.reason;
  end if;
end
$$;

comment on function talkme.reasons_of_time(talkme.outbox) is
  'Why it is not the time for a waiting row: held, not due, between two attempts, outside its window, within the gap';

revoke execute on function talkme.reasons_of_time(talkme.outbox) from public;
