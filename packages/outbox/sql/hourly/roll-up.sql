-- An hour is counted again until 15 minutes after its end: a row that ends names the time at which its transaction began, and may be
-- committed later. Hours in which nothing ended are passed over.
create or replace function talkme.roll_up(
  after timestamptz default null, not_again_within interval default interval '0', out counted timestamptz, out more boolean
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  one_hour constant interval    := interval '1 hour';
  now_hour constant timestamptz := date_trunc('hour', now(), 'UTC');
  final    timestamptz;
begin
  more := false;
  if not pg_try_advisory_xact_lock(hashtext('talkme.roll_up')) then
    return;
  end if;
  if after is null and exists (select from talkme.hourly_progress as p where p.counted_at > now() - not_again_within) then
    return;
  end if;
  select p.final_until into final from talkme.hourly_progress as p;

  select date_trunc('hour', o.finished_at, 'UTC') into counted
  from talkme.outbox as o
  where o.finished_at is not null and o.finished_at >= greatest(final, after + one_hour) and o.finished_at < now_hour + one_hour
  order by o.finished_at
  limit 1;
  more := counted < now_hour;
  if more is not true then
    more := false;
    update talkme.hourly_progress set counted_at = now();
    delete from talkme.hourly as h where h.hour < now() - interval '2 years';
  end if;

  delete from talkme.hourly as h where h.hour = counted;
  insert into talkme.hourly (hour, account, id_campanha, batch_id, status, rows)
  select counted, o.account, o.id_campanha, o.batch_id, o.status, count(*)
  from talkme.outbox as o
  where o.finished_at is not null and o.finished_at >= counted and o.finished_at < counted + one_hour
    and o.status in ('sent', 'failed', 'expired', 'cancelled')
  group by o.account, o.id_campanha, o.batch_id, o.status;

  if counted + one_hour <= now() - interval '15 minutes' then
    update talkme.hourly_progress set final_until = counted + one_hour;
  end if;
end
$$;

comment on function talkme.roll_up(timestamptz, interval) is
  'Counts the next hour, after the given one, into talkme.hourly, and says which it was and whether there is another: call it, in transactions of their own, with the hour that it named last. A round that ended within the second argument is not begun again';

revoke execute on function talkme.roll_up(timestamp with time zone, interval) from public;
grant execute on function talkme.roll_up(timestamp with time zone, interval) to talkme_daemon, talkme_operator;
