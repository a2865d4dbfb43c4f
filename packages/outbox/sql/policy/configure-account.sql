create or replace function talkme.configure_account(
  account text, sending_window text default null, retention interval default null, delete_after interval default null
) returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  changed boolean;
  refusal record;
begin
  select * into refusal
  from talkme.below_retention_floor(configure_account.account, configure_account.retention, configure_account.delete_after)
  limit 1;
  if found then
    raise exception using
      errcode = 'check_violation', schema = 'talkme', table = 'account', constraint = refusal.rule,
      message = refusal.complaint,
      hint = 'See talkme.retention_floor. The owner of the schema may also write the time into talkme.account.';
  end if;

  perform set_config('talkme.action', 'configure_account', true);
  insert into talkme.account as a (account, sending_window, retention, delete_after)
  values (configure_account.account, configure_account.sending_window, configure_account.retention, configure_account.delete_after)
  on conflict (account) do update set
    sending_window = coalesce(excluded.sending_window, a.sending_window),
    retention = coalesce(excluded.retention, a.retention),
    delete_after = coalesce(excluded.delete_after, a.delete_after)
  where (a.sending_window, a.retention, a.delete_after) is distinct from (
    coalesce(excluded.sending_window, a.sending_window), coalesce(excluded.retention, a.retention),
    coalesce(excluded.delete_after, a.delete_after)
  );
  changed := found;
  perform set_config('talkme.action', '', true);
  return changed;
end
$$;

comment on function talkme.configure_account(text, text, interval, interval) is
  'Writes what is given into talkme.account and leaves the rest as it is; returns whether that changed anything. syncd calls it at its start with what its YAML file says';

revoke execute on function talkme.configure_account(text, text, interval, interval) from public;
grant execute on function talkme.configure_account(text, text, interval, interval) to talkme_daemon;
