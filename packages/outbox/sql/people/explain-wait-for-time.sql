create or replace function talkme.explain_wait_for_time(o talkme.outbox) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  sentence constant text := case when o.error is not null then format(' (%s)', talkme.hide_numbers(rtrim(o.error, '.'))) end;
begin
  return case
    -- The pause is named beside it.
    when o.error_code = 'batch_paused' then null
    when o.error_code = 'held' and o.retry_at = talkme.held_until() then format(
      'It is held%s: talkme.resume_where(ids => array[%s], go => true) lets it go, talkme.cancel(%2$s) drops it.',
      (
        select format(' by %s', a.who) || coalesce(' (' || a.reason || ')', '')
        from talkme.actions_on(o.id) as a where a.action = 'pause_where' order by a.id desc limit 1
      ), o.id
    )
    when o.retry_at = talkme.held_until() then format(
      'It is held, %s. talkme.resume(''campaign:%s'') lets the held rows of its campaign go, talkme.cancel(%s) drops this one.',
      case o.error_code
        when 'held_burst' then 'because its insert brought more rows to the campaign than talkme.campaign.burst_limit'
        when 'held_duplicate' then 'because the same recipient was given the same variables a short while ago'
        else 'as an accident'
      end,
      coalesce(o.id_campanha::text, 'ID'), o.id
    )
    when o.due_at <= now() then null
    when o.retry_at is null or o.retry_at < o.send_at then format('It is not due until %s (send_at).', talkme.say_time(o.send_at))
    when o.error_code = 'outside_window' then format(
      'It is outside its sending window until %s.', talkme.say_time(o.retry_at)
    )
    when o.error_code = 'recipient_gap' then format(
      'Its recipient was written to a short while ago, and gets nothing more until %s (recipient_gap).',
      talkme.say_time(o.retry_at)
    )
    when o.error_code is null then format('It is not tried before %s (retry_at).', talkme.say_time(o.retry_at))
    else format(
      '%s failed with %s%s. It is tried again at %s.',
      case when o.attempts > 0 then 'Attempt ' || o.attempts else 'The last attempt, which does not count,' end,
      o.error_code, coalesce(sentence, ''), talkme.say_time(o.retry_at)
    )
  end;
end
$$;

comment on function talkme.explain_wait_for_time(talkme.outbox) is
  'Why a waiting row is not due, and when it will be; null if it is due';

revoke execute on function talkme.explain_wait_for_time(talkme.outbox) from public;
