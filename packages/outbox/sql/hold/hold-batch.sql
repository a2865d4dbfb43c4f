-- Puts off what waits at this moment, so that a claim never has to walk over a paused batch: what it misses (rows that are locked, on
-- the wire, inserted later) the claim or the insert puts off. In slices, from the end of the queue: rows at the front of a lane that
-- are locked for seconds would slow each claim.
create or replace function talkme.hold_batch(batch_id bigint) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  slice   constant integer := 5000;
  waiting bigint[];
  held    bigint := 0;
  done    bigint;
begin
  waiting := array(
    select o.id from talkme.outbox as o
    where o.batch_id = hold_batch.batch_id and o.status = 'pending' and o.due_at < talkme.held_until()
    order by o.due_at desc, o.id desc
  );
  for i in 1..cardinality(waiting) by slice loop
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'batch_paused', error = talkme.batch_paused_error()
    where o.id = any (array(
      select r.id from talkme.outbox as r
      where r.id = any (waiting[i:i + slice - 1]) and r.status = 'pending'
      for update skip locked
    ));
    get diagnostics done = row_count;
    held := held + done;
  end loop;
  return held;
end
$$;

comment on function talkme.hold_batch(bigint) is 'Puts off the waiting rows of a batch until talkme.resume; returns how many';

revoke execute on function talkme.hold_batch(bigint) from public;
