-- What syncd check asks for, and the daemon's role may not look up itself.

-- A cut-over by logical replication brings the rows, and leaves the sequences of their numbers where they were.
create function talkme.sequences_behind() returns table (relation text, sequence text, highest bigint)
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
  'Tables whose next row would get a number that one has already, as after a cut-over by logical replication';

-- The daemon sees neither conditions nor maps: they are the customers'.
create function talkme.silent_captures() returns table (name text, source text, status text, disabled boolean)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select c.name, c.source::text, c.status, c.status ^@ 'off' from talkme.captures as c where c.status <> 'on' order by c.name;
end;

comment on function talkme.silent_captures() is 'Captures that make no messages, and why';

revoke execute on function talkme.sequences_behind(), talkme.silent_captures() from public;
grant execute on function talkme.sequences_behind(), talkme.silent_captures() to talkme_daemon, talkme_viewer, talkme_operator;
