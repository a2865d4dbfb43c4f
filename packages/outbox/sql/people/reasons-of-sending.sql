create or replace function talkme.reasons_of_sending(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  holder  talkme.instance;
  change  constant jsonb := talkme.history_change();
begin
  select * into holder from talkme.instance as i where i.name = o.claimed_by;
  return next ('on_wire', jsonb_build_object('instance', o.claimed_by, 'since', o.claimed_at))::talkme.reason;
  if holder.name is null and change is not null then
    return next ('instance_gone_before_change', jsonb_build_object('instance', o.claimed_by))::talkme.reason;
    return next ('history_changed', change)::talkme.reason;
  elsif holder.name is null then
    return next ('instance_gone', jsonb_build_object('instance', o.claimed_by))::talkme.reason;
  elsif holder.heartbeat_at < now() - holder.lease_seconds * interval '1 second' then
    return next ('instance_silent', jsonb_build_object(
      'instance', o.claimed_by, 'since', holder.heartbeat_at, 'lease_seconds', holder.lease_seconds
    ))::talkme.reason;
  else
    return next ('answer_awaited', jsonb_build_object(
      'until', case when holder.request_seconds > 0 then o.claimed_at + holder.request_seconds * interval '1 second' end
    ))::talkme.reason;
  end if;
end
$$;

comment on function talkme.reasons_of_sending(talkme.outbox) is 'Who has a row on the wire, and whether that instance is alive';

revoke execute on function talkme.reasons_of_sending(talkme.outbox) from public;
