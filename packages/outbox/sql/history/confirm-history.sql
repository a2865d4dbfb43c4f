-- A routine failover needs nobody if no claim can have been lost. What shows it has survived the failover itself:
--
-- - claim_durability is standby: instances that do not wait for a standby claim nothing where it says so, and it says so only once
--   none of them was registered for a lease. So a history that says it has every claim that was made without a standby.
-- - An instance has lived through the change and finds its heartbeats in the database: it is no earlier state, to which somebody went
--   back. Without such an instance, nothing shows that.
-- - All others were confirmed by a standby: the database has them, if that one was promoted. Each instance that lives compares
--   what it remembers, and one claim that is missing leaves the decision to a person.
create or replace function talkme.confirm_history() returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  h talkme.history;
  s record := talkme.history_state();
begin
  if s.changed_at is null or s.claim_durability <> 'standby' or s.confirmable_at > clock_timestamp() then
    return false;
  end if;
  select * into h from talkme.history for update;
  if h.changed_at is null or h.claim_durability <> 'standby' or h.missing_claims > 0
    or not h.witnessed
    or h.changed_timeline is null or h.changed_system_identifier is distinct from h.system_identifier
    or (h.changed_system_identifier, h.changed_timeline) is distinct from (s.system_identifier, s.timeline)
    or exists (
      select from talkme.instance as i
      where i.heartbeat_at >= now() - i.lease_seconds * interval '1 second' and i.recalled_at is distinct from h.changed_at
    )
  then
    return false;
  end if;
  perform talkme.write_acknowledgement('a standby had confirmed every claim', true);
  return true;
end
$$;

comment on function talkme.confirm_history() is
  'Acknowledges a failover in which no claim can have been lost, because a standby had confirmed them all; returns whether it did. syncd calls it';

revoke execute on function talkme.confirm_history() from public;
grant execute on function talkme.confirm_history() to talkme_daemon;
