-- Variables and metadata are merged: what is not named stays, and null takes a key away. PostgreSQL's own rules decide whether a
-- value fits its column.
create or replace function talkme.corrected(o talkme.outbox, changes jsonb) returns talkme.outbox
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  merged constant text[] := '{info_contato,metadata}';
  n      talkme.outbox := jsonb_populate_record(o, changes - merged);
begin
  if changes ? 'info_contato' then
    n.info_contato := talkme.merged(o.info_contato, talkme.plain_info_contato(changes -> 'info_contato'));
  end if;
  if changes ? 'metadata' then
    n.metadata := talkme.merged(o.metadata, changes -> 'metadata');
  end if;
  return n;
end
$$;

comment on function talkme.corrected(talkme.outbox, jsonb) is 'A row as it will be with the changes of talkme.correct_where';

revoke execute on function talkme.corrected(talkme.outbox, jsonb) from public;
