create or replace function talkme.pause(scope text, reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  parts constant text[] := talkme.parse_scope(scope);
  held  bigint := 0;
begin
  perform talkme.refuse_scope(parts);
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('pause.reason'),
      hint = talkme.say('pause.reason.hint');
  end if;
  insert into talkme.paused (scope, reason) values (scope, reason)
  on conflict on constraint paused_pkey do update set reason = excluded.reason;
  if parts[1] = 'batch' then
    held := talkme.hold_batch(parts[2]::bigint);
  end if;
  perform talkme.record_audit('pause', jsonb_build_object('scope', scope), held, reason);
  return talkme.say('pause.done', jsonb_build_object('scope', scope))
    || case when talkme.lanes_of(scope) is null then ' ' || talkme.say('pause.idle') else '' end;
end
$$;

comment on function talkme.pause(text, text) is
  'Stops all, account:NAME, campaign:ID, channel:ID or batch:ID: from the commit on, none of its rows is claimed until talkme.resume';

revoke execute on function talkme.pause(text, text) from public;
grant execute on function talkme.pause(text, text) to talkme_operator, talkme_producer, talkme_marketing;
