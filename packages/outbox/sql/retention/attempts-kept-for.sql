-- Null (for ever) as long as a single known account keeps its rows for ever.
create or replace function talkme.attempts_kept_for() returns interval
language sql stable
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
return (
  select case when bool_and(a.delete_after is not null) then
    greatest(max(a.delete_after), (select max(c.delete_after) from talkme.campaign as c))
  end
  from (
    select l.account from talkme.lane as l
    union
    select c.account from talkme.campaign as c
    union
    select b.account from talkme.account as b
  ) as known
  left join talkme.account as a using (account)
);

comment on function talkme.attempts_kept_for() is
  'The longest delete_after, if every account has one; null: partitions of talkme.attempt are never dropped';

revoke execute on function talkme.attempts_kept_for() from public;
