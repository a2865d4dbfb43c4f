create or replace function talkme.drop_list(list_id bigint) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  delete from talkme.list as l where l.id = mine.id;
end
$$;

comment on function talkme.drop_list(bigint) is 'Removes a list and its lines; what was sent of it stays in the outbox';

revoke execute on function talkme.drop_list(bigint) from public;
grant execute on function talkme.drop_list(bigint) to talkme_operator, talkme_producer, talkme_marketing;
