-- A part whose rules now cover more rows starts over: it has passed those by.
create or replace function talkme.plan_retention() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
as $$
declare
  longest text;
begin
  delete from talkme.retention_progress as p
  where p.action in ('blank', 'delete')
    and (p.action, p.after) not in (select r.action, r.after from talkme.retention_rules() as r);

  insert into talkme.retention_progress as p (action, after, includes, excludes)
  select r.action, r.after, r.includes, r.excludes from talkme.retention_rules() as r
  on conflict (action, after) do update set
    includes = excluded.includes,
    excludes = excluded.excludes,
    walked_to = case when excluded.includes <@ p.includes and p.excludes <@ excluded.excludes then p.walked_to else '-infinity' end,
    ended_at = case when excluded.includes <@ p.includes and p.excludes <@ excluded.excludes then p.ended_at end
  where (p.includes, p.excludes) is distinct from (excluded.includes, excluded.excludes);

  longest := talkme.attempts_kept_for()::text;
  delete from talkme.retention_progress as p where p.action = 'attempt' and p.after is distinct from longest;
  insert into talkme.retention_progress (action, after)
  select * from (values ('attempt', longest), ('gap_claim', 'P2D'), ('list', 'P30D')) as part (action, after) where part.after is not null
  on conflict do nothing;
end
$$;

comment on function talkme.plan_retention() is 'Brings talkme.retention_progress in line with the settings';

revoke execute on function talkme.plan_retention() from public;
