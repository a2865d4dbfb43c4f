create or replace function talkme.history_change() returns jsonb
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  s record := talkme.history_state();
begin
  if not s.changed then
    return null;
  end if;
  return jsonb_build_object(
    'was_system_identifier', coalesce(s.was_system_identifier::text, 'unreadable'),
    'system_identifier', case
      when s.was_system_identifier is distinct from s.system_identifier then coalesce(s.system_identifier::text, 'unreadable')
    end,
    'was_timeline', coalesce(s.was_timeline, 'unreadable'),
    'timeline', case when s.was_timeline is distinct from s.timeline then coalesce(s.timeline, 'unreadable') end,
    'since', s.changed_at, 'acknowledgeable_at', case when s.acknowledgeable_at > now() then s.acknowledgeable_at end,
    'missing_claims', nullif(s.missing_claims, 0)
  );
end
$$;

comment on function talkme.history_change() is
  'What has changed of the database since it was acknowledged, and from when on that may be acknowledged; null while it is the same';

revoke execute on function talkme.history_change() from public;
