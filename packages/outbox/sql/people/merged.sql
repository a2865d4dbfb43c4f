create or replace function talkme.merged(was jsonb, changes jsonb) returns jsonb
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when jsonb_typeof(changes) = 'null' then null
    when jsonb_typeof(changes) = 'object' and coalesce(jsonb_typeof(was), 'object') = 'object' then
      (coalesce(was, '{}') || changes)
        - array(select c.key from jsonb_each(case when jsonb_typeof(changes) = 'object' then changes end) as c where jsonb_typeof(c.value) = 'null')
    else changes
  end;
end;

comment on function talkme.merged(jsonb, jsonb) is
  'An object with the keys of another one put in its place, and without those that are null there';

revoke execute on function talkme.merged(jsonb, jsonb) from public;
