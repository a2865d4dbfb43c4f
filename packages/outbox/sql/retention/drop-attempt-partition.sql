-- Dropping a partition locks talkme.attempt for a moment, and nobody can write an attempt while it waits for that lock: behind a
-- dump it gives up after half a second, and tries again another night.
create or replace function talkme.drop_attempt_partition(before timestamptz) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
set lock_timeout = '500ms'
-- A partition's bound is read from the text that PostgreSQL shows for it.
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $$
declare
  oldest  name;
  foreign_rows boolean;
begin
  for oldest in
    select c.relname
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'talkme.attempt'::regclass
      and (regexp_match(pg_get_expr(c.relpartbound, c.oid), $re$ TO [(]'([^']+)'[)]$re$))[1]::timestamptz <= before
    order by c.relname
  loop
    -- Also attempts of an account that is not known any more: nothing is set for it.
    execute format(
      'select exists (select from talkme.%I where account not in (select account from talkme.account where delete_after is not null))',
      oldest
    ) into foreign_rows;
    if not foreign_rows then
      execute format('drop table talkme.%I', oldest);
      return oldest;
    end if;
  end loop;
  return null;
end
$$;

comment on function talkme.drop_attempt_partition(timestamptz) is
  'Drops the oldest partition of talkme.attempt that ended before a time and holds no attempts of an account that keeps its rows for ever; returns its name';

revoke execute on function talkme.drop_attempt_partition(timestamp with time zone) from public;
