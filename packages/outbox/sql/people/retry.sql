create or replace function talkme.retry(id bigint, expires_at timestamptz default null, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o        talkme.outbox := talkme.find_row(id, '{talkme_operator}');
  obstacle text := talkme.obstacle_to_resend(o, expires_at);
begin
  if o.id is null then
    perform talkme.refuse_no_row(id);
  elsif o.status not in ('failed', 'expired', 'cancelled') then
    perform talkme.refuse_state('outbox_retry_ended', 'retried', o);
  elsif obstacle is not null then
    perform talkme.refuse_obstacle('retried', o, obstacle);
  end if;

  select r.* into o from talkme.bring_back(array[retry.id], retry.expires_at) as r;
  if not found or o.status <> 'pending' then
    -- Somebody else was faster, or a trigger kept it.
    perform talkme.refuse_state('outbox_retry_ended', 'retried', talkme.find_row(id, '{talkme_operator}'));
  end if;
  perform talkme.notify_daemon();
  perform talkme.record_action('retry', jsonb_build_object('id', o.id), array[o.id], reason);
  return talkme.say(case
    when o.retry_at = talkme.held_until() and o.error_code = 'held' then 'said.held_by_person'
    when o.retry_at = talkme.held_until() then 'said.held'
    when talkme.may_have_been_sent(o.id) then 'said.perhaps_twice'
    else 'said.pending'
  end, jsonb_build_object('id', o.id, 'id_campanha', o.id_campanha));
end
$$;

comment on function talkme.retry(bigint, timestamptz, text) is
  'Makes a failed, expired or cancelled row pending again, with new attempts; expires_at => sets a later end, which an expired row needs';

revoke execute on function talkme.retry(bigint, timestamp with time zone, text) from public;
grant execute on function talkme.retry(bigint, timestamp with time zone, text) to talkme_operator;
