create or replace function talkme.explain_sending(o talkme.outbox) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  holder talkme.instance;
begin
  select * into holder from talkme.instance as i where i.name = o.claimed_by;
  return format('Row %s is in flight on instance %s since %s.', o.id, o.claimed_by, talkme.say_time(o.claimed_at)) || case
    when talkme.history_notice() is not null and holder.name is null then ' That instance is gone. ' || talkme.history_notice()
    when holder.name is null then ' That instance is gone: the row is rescued within seconds while any syncd runs.'
    when holder.heartbeat_at < now() - holder.lease_seconds * interval '1 second' then format(
      ' That instance was last heard of at %s, longer ago than its lease of %s s: it is dead, and the row is rescued while any other syncd runs.',
      talkme.say_time(holder.heartbeat_at), holder.lease_seconds
    )
    else ' Its answer comes within the time-out of a request.'
  end;
end
$$;

comment on function talkme.explain_sending(talkme.outbox) is 'Who has a row on the wire, and whether that instance is alive';

revoke execute on function talkme.explain_sending(talkme.outbox) from public;
