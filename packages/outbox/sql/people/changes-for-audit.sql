create or replace function talkme.changes_for_audit(ids bigint[], changes jsonb) returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  with open (key) as (
    values ('account'), ('id_campanha'), ('id_wpp'), ('priority'), ('send_at'), ('expires_at'), ('max_attempts'), ('on_unknown')
  ),
  -- The most usual values; those of a million rows would be too many.
  was as (
    select v.key, jsonb_agg(v.value order by v.rows desc, v.value) as values
    from (
      select c.key, to_jsonb(o) -> c.key as value, count(*) as rows,
        row_number() over (partition by c.key order by count(*) desc) as place
      from talkme.outbox as o
      cross join lateral (select k as key from jsonb_object_keys(changes) as k where k in (select open.key from open)) as c
      where o.id = any (ids)
      group by 1, 2
    ) as v
    where v.place <= 10
    group by v.key
  )
  select jsonb_build_object(
    'before', coalesce((select jsonb_object_agg(w.key, w.values) from was as w), '{}'),
    'after', (
      select jsonb_object_agg(c.key, case when c.key in (select open.key from open) or jsonb_typeof(c.value) = 'null' then c.value else '"given"' end)
      from jsonb_each(changes) as c
    )
  );
end;

comment on function talkme.changes_for_audit(bigint[], jsonb) is
  'What rows had before a correction, up to ten values of a column, and have after it; without the values of what may name a person';

revoke execute on function talkme.changes_for_audit(bigint[], jsonb) from public;
