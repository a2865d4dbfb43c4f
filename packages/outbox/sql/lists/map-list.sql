create or replace function talkme.map_list(list_id bigint, message jsonb) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  perform talkme.check_list_message(message, mine.columns);
  perform talkme.refuse_campaign((message ->> 'id_campanha')::bigint);
  update talkme.list as l set message = map_list.message, checked_at = null where l.id = mine.id;
end
$$;

comment on function talkme.map_list(bigint, jsonb) is
  'Says how the lines of a list become messages: {"id_campanha": 123, "columns": {"numero_dest": 1, "nome": 2}}, with the numbers of columns; account, id_wpp, send_at and expires_at hold for all lines';

revoke execute on function talkme.map_list(bigint, jsonb) from public;
grant execute on function talkme.map_list(bigint, jsonb) to talkme_operator, talkme_producer, talkme_marketing;
