create or replace function talkme.create_attempt_partitions(months_ahead integer) returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
-- A partition's bounds are written as text and read again.
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
-- Beside the other partitions, wherever new tables go otherwise.
set default_tablespace = ''
set default_table_access_method = heap
as $$
declare
  created    integer := 0;
  month      timestamptz;
  next_month timestamptz;
  name       text;
begin
  -- Each is a table: whoever may call this could fill the catalogs.
  if months_ahead is null or months_ahead not between 0 and 24 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('talkme.create_attempt_partitions cannot create partitions for %s months ahead', coalesce(months_ahead::text, 'null')),
      hint = 'Give a number from 0 to 24; syncd asks for 3.';
  end if;
  -- Several instances call it at the same hour; the second one finds it done.
  perform pg_advisory_xact_lock(hashtext('talkme.create_attempt_partitions'));
  for month in
    select generate_series(
      date_trunc('month', now() at time zone 'UTC'),
      date_trunc('month', now() at time zone 'UTC') + make_interval(months => months_ahead),
      interval '1 month'
    ) at time zone 'UTC'
  loop
    name := 'attempt_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    if to_regclass('talkme.' || quote_ident(name)) is null then
      next_month := ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC';
      execute format('create table talkme.%I (like talkme.attempt including constraints)', name);
      -- Undoes what the owner grants by default.
      execute format('revoke all on talkme.%I from public', name);
      execute format(
        'with late as (delete from talkme.attempt_default where started_at >= %L and started_at < %L returning *) '
        'insert into talkme.%I select * from late',
        month, next_month, name
      );
      execute format(
        'alter table talkme.attempt attach partition talkme.%I for values from (%L) to (%L)',
        name, month, next_month
      );
      created := created + 1;
    end if;
  end loop;
  return created;
end
$$;

comment on function talkme.create_attempt_partitions(integer) is
  'Creates the missing monthly partitions of talkme.attempt, from this month to the given number of months ahead; returns how many';

revoke execute on function talkme.create_attempt_partitions(integer) from public;
grant execute on function talkme.create_attempt_partitions(integer) to talkme_daemon;

select talkme.create_attempt_partitions(3);
