-- The daemon sees neither conditions nor maps: they are the customers'.
create or replace function talkme.silent_captures() returns table (name text, source text, status text, disabled boolean)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select c.name, c.source::text, c.status, c.status ^@ 'off' from talkme.captures as c where c.status <> 'on' order by c.name;
end;

comment on function talkme.silent_captures() is 'Captures that make no messages, and why';

revoke execute on function talkme.silent_captures() from public;
grant execute on function talkme.silent_captures() to talkme_daemon, talkme_operator, talkme_viewer;
