create or replace function talkme.preview_list(list_id bigint, most integer default 3)
returns table (line integer, numero_dest text, email_dest text, info_contato jsonb)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  return query
  select m.line, m.numero_dest, m.email_dest, m.info_contato
  from (
    select l.line
    from talkme.list_line as l
    where l.list_id = mine.id and coalesce(l.codes, '{}') = '{}' and not l.left_out
    order by l.line
    limit most
  ) as l
  cross join lateral talkme.list_messages(mine, l.line) as m
  where mine.message is not null
  order by m.line;
end
$$;

comment on function talkme.preview_list(bigint, integer) is 'The first messages that a list becomes';

revoke execute on function talkme.preview_list(bigint, integer) from public;
grant execute on function talkme.preview_list(bigint, integer) to talkme_operator, talkme_producer, talkme_marketing;
