create or replace function talkme.sees_every_row() returns boolean
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return talkme.caller_is('{talkme_operator,talkme_viewer,talkme_daemon}');
end
$$;

comment on function talkme.sees_every_row() is 'Whether the caller sees the rows of everybody, not only its own and those of campaigns that it was granted';

revoke execute on function talkme.sees_every_row() from public;
-- For talkme.messages, whose functions run as its reader.
grant execute on function talkme.sees_every_row() to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
