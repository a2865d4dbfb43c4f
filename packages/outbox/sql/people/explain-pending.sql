create or replace function talkme.explain_pending(o talkme.outbox) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  reasons text[];
begin
  reasons := array(select format(
    'Its recipient was suppressed by %s at %s (%s): it is cancelled when its turn comes.',
    s.suppressed_by, talkme.say_time(s.suppressed_at), talkme.hide_numbers(s.reason)
  )
  from talkme.suppression as s
  where s.recipient in (o.recipient, talkme.address_key(o.email_dest)));
  if o.expires_at <= now() then
    reasons := reasons || format(
      'Its expires_at passed at %s: it becomes expired within some 15 seconds while any syncd runs.', talkme.say_time(o.expires_at)
    );
  end if;
  reasons := reasons || talkme.explain_wait_for_time(o) || array(select talkme.explain_stops(o));
  reasons := array_remove(reasons, null);
  if reasons = '{}' then
    reasons := array(select talkme.explain_turn(o));
  end if;
  return format('Row %s is pending. %s', o.id, array_to_string(reasons, ' '));
end
$$;

comment on function talkme.explain_pending(talkme.outbox) is 'Everything that a pending row waits for';

revoke execute on function talkme.explain_pending(talkme.outbox) from public;
