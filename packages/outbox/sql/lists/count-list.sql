create or replace function talkme.count_list(list_id bigint) returns table (lines bigint, good bigint, bad bigint, left_out bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  return query
  select
    count(*), count(*) filter (where l.codes = '{}' and not l.left_out), count(*) filter (where l.codes <> '{}' and not l.left_out),
    count(*) filter (where l.left_out)
  from talkme.list_line as l
  where l.list_id = mine.id;
end
$$;

comment on function talkme.count_list(bigint) is
  'How many lines a list has: those that can be sent, those that cannot, and those that were taken out of it';

revoke execute on function talkme.count_list(bigint) from public;
grant execute on function talkme.count_list(bigint) to talkme_operator, talkme_producer, talkme_marketing;
