create or replace function talkme.refuse_no_row(id bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.refuse_as(
    'outbox_row_exists', jsonb_build_object('id', id), 'P0002',
    case when id is null then 'outbox_row_exists.null' end, 'outbox_row_exists.hint'
  );
end
$$;

comment on function talkme.refuse_no_row(bigint) is 'Refuses the id of a row that does not exist or that the caller may not see';

revoke execute on function talkme.refuse_no_row(bigint) from public;
