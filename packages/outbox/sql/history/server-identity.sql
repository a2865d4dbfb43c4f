-- With the owner's rights, so that everybody reads the same: some hosted servers forbid these functions.
create or replace function talkme.server_identity(out system_identifier bigint, out timeline text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  begin
    select c.system_identifier into system_identifier from pg_control_system() as c;
  exception when insufficient_privilege or undefined_function or feature_not_supported then
    null;
  end;
  -- Right at once after a promotion, when pg_control_checkpoint() still shows the timeline before it. A standby refuses it.
  begin
    timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  exception when insufficient_privilege or undefined_function or feature_not_supported or object_not_in_prerequisite_state then
    null;
  end;
end
$$;

comment on function talkme.server_identity() is
  'Which server this is, and which timeline it writes: a promotion, a restore and a copy change one of them; null where the server forbids to read it';

revoke execute on function talkme.server_identity() from public;
grant execute on function talkme.server_identity() to talkme_daemon, talkme_operator, talkme_viewer;
