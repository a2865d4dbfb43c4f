create or replace function talkme.unsent_list(list_id bigint) returns talkme.list
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  mine talkme.list;
begin
  perform from talkme.list as l where l.id = list_id for no key update;
  mine := talkme.own_list(list_id);
  if mine.batch_id is not null then
    perform talkme.refuse_as('list_not_sent', jsonb_build_object('id', list_id, 'batch', mine.batch_id));
  end if;
  return mine;
end
$$;

comment on function talkme.unsent_list(bigint) is 'As talkme.own_list, but locks the list, and refuses a list that was sent';

revoke execute on function talkme.unsent_list(bigint) from public;
