-- Compares the database with what was acknowledged, and writes down a change. The first call of all acknowledges what it finds:
-- nothing was sent yet.
--
-- Takes no lock where nothing is to be written: whoever registers may wait for a standby until its transaction ends.
create or replace function talkme.check_history(registers_as text default null, out changed boolean, out era uuid)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  h    talkme.history;
  seen record;
  same boolean;
begin
  select * into h from talkme.history;
  if h.server_started_at is distinct from pg_postmaster_start_time() then
    seen := talkme.server_identity();
    if h.singleton is null then
      insert into talkme.history (system_identifier, timeline, server_started_at, reason)
      values (seen.system_identifier, seen.timeline, pg_postmaster_start_time(), 'the first start of syncd')
      on conflict do nothing;
    end if;
    select * into h from talkme.history for update;
    -- What could not be read before is taken as it is. What could be read, and cannot any more, is a change.
    same := (h.system_identifier is null or h.system_identifier is not distinct from seen.system_identifier)
      and (h.timeline is null or h.timeline is not distinct from seen.timeline);
    if h.changed_at is null and same then
      update talkme.history set
        system_identifier = seen.system_identifier, timeline = seen.timeline, server_started_at = pg_postmaster_start_time()
      returning * into h;
    else
      update talkme.history set
        -- By this clock alone. A second change begins the wait again.
        changed_at = case
          when (changed_system_identifier, changed_timeline) is not distinct from (seen.system_identifier, seen.timeline)
            then coalesce(changed_at, clock_timestamp())
          else clock_timestamp()
        end,
        witnessed = witnessed and (changed_system_identifier, changed_timeline) is not distinct from (seen.system_identifier, seen.timeline),
        changed_system_identifier = seen.system_identifier,
        changed_timeline = seen.timeline,
        -- The defaults where no registration has survived.
        lease_seconds = greatest(lease_seconds, coalesce((select max(i.lease_seconds) from talkme.instance as i), 30)),
        request_seconds = greatest(request_seconds, coalesce((select max(i.request_seconds) from talkme.instance as i), 15)),
        server_started_at = pg_postmaster_start_time()
      returning * into h;
    end if;
  end if;
  if registers_as = 'local' and h.local_gone_at is not null then
    update talkme.history set local_gone_at = null;
  end if;
  changed := h.changed_at is not null;
  era := h.era;
end
$$;

comment on function talkme.check_history(text) is
  'Compares the database with the acknowledged one of talkme.history, and notes a change there; each instance of syncd calls it';

revoke execute on function talkme.check_history(text) from public;
grant execute on function talkme.check_history(text) to talkme_daemon, talkme_operator;
