-- Rules with the same time share one walk over the rows: a row is read once for each time that is set anywhere, not
-- once for each campaign. Times are text, because = takes a month for thirty days.
create or replace function talkme.retention_rules(out action text, out after text, out includes text[], out excludes text[])
returns setof record
language sql stable
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
begin atomic
  with setting (action, account, id_campanha, after) as (
    select 'blank', a.account, null::bigint, a.retention::text from talkme.account as a
    union all
    select 'delete', a.account, null, a.delete_after::text from talkme.account as a
    union all
    select 'blank', c.account, c.id_campanha, c.retention::text from talkme.campaign as c
    union all
    select 'delete', c.account, c.id_campanha, c.delete_after::text from talkme.campaign as c
  ),
  own as (
    select s.action, s.account || '/' || s.id_campanha as scope, s.after, general.after as otherwise
    from setting as s
    left join setting as general
      on general.action = s.action and general.account = s.account and general.id_campanha is null
    where s.id_campanha is not null and s.after is not null and s.after is distinct from general.after
  ),
  part (action, after, scope, included) as (
    select s.action, s.after, s.account, true from setting as s where s.id_campanha is null and s.after is not null
    union all
    select o.action, o.after, o.scope, true from own as o
    union all
    select o.action, o.otherwise, o.scope, false from own as o where o.otherwise is not null
  )
  select
    p.action, p.after,
    coalesce(array_agg(p.scope order by p.scope) filter (where p.included), '{}'),
    coalesce(array_agg(p.scope order by p.scope) filter (where not p.included), '{}')
  from part as p
  group by p.action, p.after
  having bool_or(p.included);
end;

comment on function talkme.retention_rules() is 'The retention rules of talkme.account and talkme.campaign, by action and time';

revoke execute on function talkme.retention_rules() from public;
