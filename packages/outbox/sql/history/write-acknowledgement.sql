create or replace function talkme.write_acknowledgement(reason text, complete boolean) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  h talkme.history;
begin
  select * into h from talkme.history;
  update talkme.history set
    system_identifier = h.changed_system_identifier,
    timeline = h.changed_timeline,
    -- No other copy of this database has the same.
    era = gen_random_uuid(),
    previous_era = h.era,
    complete = write_acknowledgement.complete,
    acknowledged_at = clock_timestamp(),
    acknowledged_by = talkme.caller(),
    reason = write_acknowledgement.reason,
    changed_at = null,
    changed_system_identifier = null,
    changed_timeline = null,
    lease_seconds = null,
    request_seconds = null,
    missing_claims = 0,
    witnessed = false,
    last_changed_at = h.changed_at;
  perform talkme.record_audit(
    'acknowledge_history',
    jsonb_build_object(
      'from', jsonb_build_object('system_identifier', h.system_identifier::text, 'timeline', h.timeline),
      'to', jsonb_build_object('system_identifier', h.changed_system_identifier::text, 'timeline', h.changed_timeline),
      'noticed_at', h.changed_at, 'missing_claims', h.missing_claims, 'confirmed_by_standby', complete
    ),
    0, reason
  );
  perform talkme.notify_daemon();
end
$$;

comment on function talkme.write_acknowledgement(text, boolean) is 'Makes the changed database the acknowledged one, and begins an era';

revoke execute on function talkme.write_acknowledgement(text, boolean) from public;
