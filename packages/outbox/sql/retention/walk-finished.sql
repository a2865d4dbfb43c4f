-- Returns the progress after it. Counts and passes over a row that a customer's trigger or foreign key does not let it change:
-- a single one would otherwise hold up all behind it for ever.
create or replace function talkme.walk_finished(
  inout part talkme.retention_progress, batch integer, out changed integer, out refused integer, out refusal text
)
language plpgsql
set search_path = pg_catalog, pg_temp
-- A trigger of the customer's may wait for a lock.
set lock_timeout = '500ms'
as $$
declare
  horizon timestamptz := now() - part.after::interval;
  passed  integer;
  due     bigint[];
  mine    bigint[];
  one     bigint;
begin
  refused := 0;

  -- Passes rows that are kept for longer in larger steps.
  with step as materialized (
    select
      o.id, o.finished_at,
      (part.action = 'delete' or o.blanked_at is null)
        and (own.scope is not null or account.scope is not null and other.scope is null) as due
    from (
      select f.id, f.finished_at, f.blanked_at, f.account, f.account || '/' || f.id_campanha as campaign
      from talkme.outbox as f
      where f.finished_at is not null and f.finished_at <= horizon
        and (f.finished_at, f.id) > (part.walked_to, part.walked_to_id)
      order by f.finished_at, f.id
      limit batch * 10
    ) as o
    left join unnest(part.includes) as account (scope) on account.scope = o.account
    left join unnest(part.includes) as own (scope) on own.scope = o.campaign
    left join unnest(part.excludes) as other (scope) on other.scope = o.campaign
  ),
  chosen as materialized (
    select s.finished_at, s.id from step as s where s.due order by s.finished_at, s.id limit batch
  ),
  last as (
    select c.finished_at, c.id from chosen as c
    union all
    select s.finished_at, s.id from step as s where (select count(*) from chosen) < batch
    order by finished_at desc, id desc
    limit 1
  )
  select
    (select count(*) from step), (select array_agg(c.id) from chosen as c),
    coalesce((select l.finished_at from last as l), part.walked_to), coalesce((select l.id from last as l), part.walked_to_id)
  into passed, due, part.walked_to, part.walked_to_id;

  -- Does not wait for locked rows, and looks again: a row may have changed since.
  select array_agg(free.id) into mine
  from (
    select o.id from talkme.outbox as o
    where o.id = any(due) and o.finished_at <= horizon
    for update skip locked
  ) as free;
  part.skipped_from := least(part.skipped_from, (
    select min(o.finished_at) from talkme.outbox as o
    where o.id = any(due) and o.id <> all(coalesce(mine, '{}')) and o.finished_at <= horizon
  ));

  changed := coalesce(cardinality(mine), 0);
  begin
    perform talkme.retain_rows(part.action, mine);
    -- Deferred triggers fire now, while it is known which rows they are about.
    set constraints all immediate;
  exception
    when others then
      changed := 0;
      foreach one in array mine loop
        begin
          perform talkme.retain_rows(part.action, array[one]);
          set constraints all immediate;
          changed := changed + 1;
        exception when others then
          -- A lock is gone another time.
          if sqlstate in ('55P03', '40P01', '40001') then
            part.skipped_from := least(part.skipped_from, (select o.finished_at from talkme.outbox as o where o.id = one));
          end if;
          refused := refused + 1;
          refusal := sqlerrm;
        end;
      end loop;
  end;

  if passed < batch * 10 and coalesce(cardinality(due), 0) < batch then
    part.ended_at := now();
  end if;
end
$$;

comment on function talkme.walk_finished(talkme.retention_progress, integer) is
  'Blanks or deletes the next rows of a part of the retention, a batch at most';

revoke execute on function talkme.walk_finished(talkme.retention_progress, integer) from public;
