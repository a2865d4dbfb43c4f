create or replace function talkme.refuse_rewriting(finding text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = 'outbox_settled_as_decided',
    message = format('a trigger of talkme.outbox makes something else of a settled row than was decided: %s', finding),
    hint = 'Correct the trigger: what the API has answered is not for it to change.';
end
$$;

comment on function talkme.refuse_rewriting(text) is 'Refuses a trigger''s change to a row that is being settled';

revoke execute on function talkme.refuse_rewriting(text) from public;
grant execute on function talkme.refuse_rewriting(text) to talkme_daemon;
