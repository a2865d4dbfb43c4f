create or replace function talkme.end_list(list_id bigint) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  update talkme.list as l set complete = true where l.id = mine.id;
end
$$;

comment on function talkme.end_list(bigint) is 'Says that all lines of a list have been read';

revoke execute on function talkme.end_list(bigint) from public;
grant execute on function talkme.end_list(bigint) to talkme_operator, talkme_producer, talkme_marketing;
