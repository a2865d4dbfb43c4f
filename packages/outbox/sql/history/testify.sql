-- The first time that it speaks of a change counts for the claims that it misses. The heartbeats may come later than that.
create or replace function talkme.testify(instance text, missing bigint, beats integer) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Heartbeats of a lease: no standby confirms them.
  unconfirmed constant integer := 3;
  noticed     timestamptz;
begin
  select h.changed_at into noticed from talkme.history as h for update;
  if noticed is null then
    return;
  end if;
  if not exists (select from talkme.instance as i where i.name = testify.instance and i.recalled_at = noticed) then
    update talkme.instance as i set recalled_at = noticed where i.name = testify.instance;
    update talkme.history set missing_claims = missing_claims + missing where missing > 0;
  end if;
  update talkme.history set witnessed = true
  where not witnessed and exists (
    select from talkme.instance as i
    where i.name = testify.instance and i.is_witness and i.heartbeat_at > noticed and i.beats >= testify.beats - unconfirmed
  );
end
$$;

comment on function talkme.testify(text, bigint, integer) is
  'An instance says that it has compared the claims that it remembers with a changed database, how many are missing, and how many heartbeats it has sent';

revoke execute on function talkme.testify(text, bigint, integer) from public;
grant execute on function talkme.testify(text, bigint, integer) to talkme_daemon;
