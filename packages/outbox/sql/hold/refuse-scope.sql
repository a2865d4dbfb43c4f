create or replace function talkme.refuse_scope(parts text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if parts[1] = 'batch' then
    if not talkme.may_use_batch(parts[2]::bigint) then
      raise exception using
        errcode = 'invalid_parameter_value',
        message = talkme.say('scope.batch', jsonb_build_object('id', parts[2])),
        hint = talkme.say('scope.batch.hint');
    end if;
  elsif talkme.caller_is('{talkme_producer,talkme_marketing}') and not talkme.caller_is('{talkme_operator}')
    and not (parts[1] = 'campaign' and talkme.may_use_campaign(parts[2]::bigint)) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = talkme.say('scope.producer'),
      hint = talkme.say('scope.producer.hint');
  end if;
end
$$;

comment on function talkme.refuse_scope(text[]) is 'Refuses a batch that does not exist, and what the caller may not pause or resume';

revoke execute on function talkme.refuse_scope(text[]) from public;
