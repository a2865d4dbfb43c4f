create or replace function talkme.own_list(list_id bigint) returns talkme.list
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  found_list talkme.list;
begin
  select * into found_list from talkme.list as l where l.id = own_list.list_id;
  if found_list.id is null
    or not (talkme.caller_is('{talkme_operator}') or talkme.caller_is_creator(found_list.created_by))
  then
    perform talkme.refuse_as('list_exists', jsonb_build_object('id', list_id), 'P0002');
  end if;
  return found_list;
end
$$;

comment on function talkme.own_list(bigint) is
  'Returns a list that the caller brought in, or any list for an operator; refuses every other';

revoke execute on function talkme.own_list(bigint) from public;
