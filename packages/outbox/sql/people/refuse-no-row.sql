create or replace function talkme.refuse_no_row(id bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  complaint constant text := case when id is null then 'the id is null' else format('there is no row %s', id) end;
  remedy    constant text := 'Take the id that the insert returned. A row that somebody else has inserted, or you by an earlier name of your role, looks the same, unless you may see all rows.';
begin
  perform talkme.refuse_action('outbox_row_exists', complaint, remedy, 'P0002');
end
$$;

comment on function talkme.refuse_no_row(bigint) is 'Refuses the id of a row that does not exist or that the caller may not see';

revoke execute on function talkme.refuse_no_row(bigint) from public;
