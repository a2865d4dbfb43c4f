-- A batch that was declared with expected_rows is no accident up to so many rows; a statement that brings it more than that is one.
create or replace function talkme.hold_burst() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  burst   record;
  counted text;
  total   bigint;
begin
  -- The next statement numbers its rows from here on: see say_which.
  counted := set_config('talkme.statement', current_setting('talkme.row', true), true);
  if not exists (select from talkme.campaign where burst_limit is not null) then
    return null;
  end if;
  for burst in
    select i.account, i.id_campanha, i.batch_id, b.expected_rows, array_agg(i.id) as ids
    from inserted as i
    join talkme.campaign as c on c.account = i.account and c.id_campanha = i.id_campanha
    left join talkme.batch as b on b.id = i.batch_id
    group by i.account, i.id_campanha, c.burst_limit, i.batch_id, b.expected_rows
    having count(*) > c.burst_limit
  loop
    if burst.expected_rows is not null then
      -- Counts no further than it has to.
      select count(*) into total
      from (select from talkme.outbox as o where o.batch_id = burst.batch_id limit burst.expected_rows + 1) as known;
      continue when total <= burst.expected_rows;
    end if;
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'held_burst', error = case
      when burst.expected_rows is null then format(
        'It is held because it came with %s others to the campaign in one insert. talkme.resume(''%s'') lets them go, talkme.cancel drops it.',
        cardinality(burst.ids) - 1, coalesce('batch:' || o.batch_id, 'campaign:' || o.id_campanha)
      )
      else format(
        'It is held because its insert brought batch %s more than the %s rows that it was declared with. talkme.resume(''batch:%1$s'') lets them go, talkme.cancel drops it.',
        o.batch_id, burst.expected_rows
      )
    end
    where o.id = any (burst.ids);
  end loop;
  return null;
end
$$;

comment on function talkme.hold_burst() is
  'Holds the rows of an insert that brings a campaign more than its burst_limit, unless their batch was declared with so many';

revoke execute on function talkme.hold_burst() from public;

create or replace trigger hold_burst
  after insert on talkme.outbox
  referencing new table as inserted
  for each statement execute function talkme.hold_burst();
