create or replace function talkme.begin_list(name text, content_hash text, columns text[]) returns bigint
language sql
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  insert into talkme.list (name, content_hash, columns) values (name, content_hash, columns) returning id;
end;

comment on function talkme.begin_list(text, text, text[]) is
  'Begins a list of a file with these headings, and returns its number: talkme.add_lines and talkme.end_list follow';

revoke execute on function talkme.begin_list(text, text, text[]) from public;
grant execute on function talkme.begin_list(text, text, text[]) to talkme_operator, talkme_producer, talkme_marketing;
