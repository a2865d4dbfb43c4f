-- syncd check calls it too, before anything is written.
create or replace function talkme.below_retention_floor(account text, retention interval, delete_after interval)
returns table (rule text, complaint text, setting text, given_time text, shortest text)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select
    'account_' || given.setting || '_floor',
    format(
      '%s %s of the account %s is not in days, or less than %s, the shortest that syncd may set; who owns the schema talkme lowers it in talkme.retention_floor',
      given.setting, given.after, below_retention_floor.account, given.floor
    ),
    given.setting, given.after::text, given.floor::text
  from talkme.retention_floor as f
  left join talkme.account as a on a.account = below_retention_floor.account
  cross join lateral (
    values
      ('retention', below_retention_floor.retention, f.retention, a.retention),
      ('delete_after', below_retention_floor.delete_after, f.delete_after, a.delete_after)
  ) as given (setting, after, floor, already)
  -- In days, as the file has them: months differ in length, and negative ones can make a time look longer than it is.
  where (given.after < given.floor or extract(year from given.after) <> 0 or extract(month from given.after) <> 0)
    and given.after is distinct from given.already
    and not talkme.caller_is('{}')
  order by given.setting;
end;

comment on function talkme.below_retention_floor(text, interval, interval) is
  'The times for an account that are shorter than the caller may set; none for the owner of the outbox';

revoke execute on function talkme.below_retention_floor(text, interval, interval) from public;
grant execute on function talkme.below_retention_floor(text, interval, interval) to talkme_daemon;
