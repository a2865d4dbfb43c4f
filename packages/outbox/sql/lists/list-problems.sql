create or replace function talkme.list_problems(list_id bigint) returns table (code text, lines bigint, first_line integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  return query
  select c.code, count(*), min(l.line)
  from talkme.list_line as l
  cross join lateral unnest(l.codes) as c (code)
  where l.list_id = mine.id and not l.left_out
  group by c.code
  order by count(*) desc, c.code;
end
$$;

comment on function talkme.list_problems(bigint) is 'What the last check of a list found: each problem with the number of its lines';

revoke execute on function talkme.list_problems(bigint) from public;
grant execute on function talkme.list_problems(bigint) to talkme_operator, talkme_producer, talkme_marketing;
