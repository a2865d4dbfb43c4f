-- A cell that is empty gives no variable. A list without a column for variables uses the method without them, with null.
create or replace function talkme.list_messages(mine talkme.list, only_line integer default null) returns table (
  line integer, codes text[], left_out boolean, account text, id_campanha bigint, id_wpp bigint, numero_dest text, email_dest text,
  txtmsg text, assunto text, info_contato jsonb, dedupe_key text, send_at timestamptz, expires_at timestamptz
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  m         constant jsonb   := mine.message;
  number    constant integer := m -> 'columns' ->> 'numero_dest';
  address   constant integer := m -> 'columns' ->> 'email_dest';
  body      constant integer := m -> 'columns' ->> 'txtmsg';
  subject   constant integer := m -> 'columns' ->> 'assunto';
  key       constant integer := m -> 'columns' ->> 'dedupe_key';
  variables constant text[]  := array(
    select k from jsonb_object_keys(m -> 'columns') as k where k = any (talkme.known_variables()) order by k
  );
  places    constant integer[] := array(select (m -> 'columns' ->> v)::integer from unnest(variables) as v);
begin
  return query
  select
    l.line, l.codes, l.left_out, coalesce(m ->> 'account', 'default'), (m ->> 'id_campanha')::bigint, (m ->> 'id_wpp')::bigint,
    nullif(talkme.trim_blanks(l.cells[number]), ''), nullif(talkme.trim_blanks(l.cells[address]), ''),
    nullif(talkme.trim_blanks(l.cells[body]), ''), nullif(talkme.trim_blanks(l.cells[subject]), ''),
    case when variables <> '{}' then (
      select coalesce(jsonb_object_agg(v.name, talkme.trim_blanks(l.cells[v.place])), '{}')
      from unnest(variables, places) as v (name, place)
      where talkme.trim_blanks(l.cells[v.place]) <> ''
    ) end,
    nullif(talkme.trim_blanks(l.cells[key]), ''), (m ->> 'send_at')::timestamptz, (m ->> 'expires_at')::timestamptz
  from talkme.list_line as l
  where l.list_id = mine.id and (only_line is null or l.line = only_line);
end
$$;

comment on function talkme.list_messages(talkme.list, integer) is 'The messages that the lines of a list become, or one of them';

revoke execute on function talkme.list_messages(talkme.list, integer) from public;
