-- A cut-over by logical replication brings the rows, but leaves the sequences behind.
create or replace function talkme.sequences_behind() returns table (relation text, sequence text, highest bigint)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  identity_column record;
begin
  for identity_column in
    select
      format('talkme.%I', c.relname) as table_name, a.attname as column_name,
      pg_get_serial_sequence(format('talkme.%I', c.relname), a.attname) as sequence_name
    from pg_class as c
    join pg_attribute as a on a.attrelid = c.oid
    where c.relnamespace = 'talkme'::regnamespace and c.relkind = 'r' and a.attidentity <> '' and not a.attisdropped
    order by c.relname
  loop
    execute format('select max(%I) from %s', identity_column.column_name, identity_column.table_name) into highest;
    if highest > coalesce(pg_sequence_last_value(identity_column.sequence_name), 0) then
      relation := identity_column.table_name;
      sequence := identity_column.sequence_name;
      return next;
    end if;
  end loop;
end
$$;

comment on function talkme.sequences_behind() is
  'Tables whose next row would get an id that is already taken, as after a cut-over by logical replication';

revoke execute on function talkme.sequences_behind() from public;
grant execute on function talkme.sequences_behind() to talkme_daemon, talkme_operator, talkme_viewer;
