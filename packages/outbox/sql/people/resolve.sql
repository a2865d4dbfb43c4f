create or replace function talkme.resolve(id bigint, verdict text, note text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o        talkme.outbox := talkme.find_row(id, '{talkme_operator}');
  obstacle text := talkme.obstacle_to_resend(o, null);
begin
  perform talkme.check_verdict(verdict);
  if o.id is null then
    perform talkme.refuse_no_row(id);
  elsif o.status <> 'unknown' then
    perform talkme.refuse_state('outbox_resolve_unknown', 'resolved', o);
  elsif verdict = 'resend' and obstacle is not null then
    perform talkme.refuse_obstacle('resent', o, obstacle);
  end if;

  select r.* into o from talkme.decide(array[resolve.id], verdict) as r;
  if not found or o.status <> replace(verdict, 'resend', 'pending') then
    -- Its real answer came, or somebody else decided first, or a trigger kept it.
    perform talkme.refuse_state('outbox_resolve_unknown', 'resolved', talkme.find_row(id, '{talkme_operator}'));
  end if;
  if verdict = 'resend' then
    perform talkme.notify_daemon();
  end if;
  perform talkme.record_action('resolve', jsonb_build_object('id', o.id, 'as', verdict), array[o.id], note);
  return talkme.say('said.resolved', jsonb_build_object('id', o.id, 'status', o.status));
end
$$;

comment on function talkme.resolve(bigint, text, text) is
  'Decides about an unknown row: sent, failed, or resend, which may message a person twice if you are wrong';

revoke execute on function talkme.resolve(bigint, text, text) from public;
grant execute on function talkme.resolve(bigint, text, text) to talkme_operator;
