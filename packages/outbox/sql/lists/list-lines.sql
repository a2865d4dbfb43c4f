create or replace function talkme.list_lines(list_id bigint, only_bad boolean default false, after integer default 0, most integer default 100)
returns table (line integer, cells text[], left_out boolean, code text, field text, message text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.own_list(list_id);
begin
  return query
  with page as materialized (
    select l.line, l.cells, l.left_out, l.codes
    from talkme.list_line as l
    where l.list_id = mine.id and l.line > after and (not only_bad or l.codes <> '{}')
    order by l.line
    limit most
  )
  select p.line, p.cells, p.left_out, c.code, w.field, coalesce(w.message, case when c.code is not null then talkme.say('list_problem.' || c.code) end)
  from page as p
  left join lateral unnest(p.codes) as c (code) on true
  left join lateral (
    select r.field, r.message
    from talkme.list_messages(mine, p.line) as m
    cross join lateral talkme.problems(
      m.numero_dest, m.id_campanha, m.info_contato, m.id_wpp, m.email_dest, m.txtmsg, m.assunto, m.account,
      send_at => m.send_at, expires_at => m.expires_at, dedupe_key => m.dedupe_key
    ) as r
    where r.code = c.code
  ) as w on true
  order by p.line, c.code;
end
$$;

comment on function talkme.list_lines(bigint, boolean, integer, integer) is
  'A page of the lines of a list as they were read, each with its problems in words: a line with two problems comes twice';

revoke execute on function talkme.list_lines(bigint, boolean, integer, integer) from public;
grant execute on function talkme.list_lines(bigint, boolean, integer, integer) to talkme_operator, talkme_producer, talkme_marketing;
