create or replace function talkme.hold_burst() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  burst   record;
  counted text;
begin
  -- The next statement numbers its rows from here on: see say_which.
  counted := set_config('talkme.statement', current_setting('talkme.row', true), true);
  if not exists (select from talkme.campaign where burst_limit is not null) then
    return null;
  end if;
  for burst in
    select i.account, i.id_campanha, array_agg(i.id) as ids
    from inserted as i
    join talkme.campaign as c on c.account = i.account and c.id_campanha = i.id_campanha
    group by i.account, i.id_campanha, c.burst_limit
    having count(*) > c.burst_limit
  loop
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'held_burst', error = format(
      'It is held because it came with %s others to the campaign in one insert. talkme.resume(''campaign:%s'') lets them go, talkme.cancel drops it.',
      cardinality(burst.ids) - 1, o.id_campanha
    )
    where o.id = any (burst.ids);
  end loop;
  return null;
end
$$;

comment on function talkme.hold_burst() is 'Holds the rows of an insert that brings a campaign more than its burst_limit';

revoke execute on function talkme.hold_burst() from public;

create or replace trigger hold_burst
  after insert on talkme.outbox
  referencing new table as inserted
  for each statement execute function talkme.hold_burst();
