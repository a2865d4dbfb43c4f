create or replace function talkme.lanes_of(scope text) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  parts constant text[] := talkme.parse_scope(scope);
begin
  if parts[1] = 'batch' then
    return (
      select array_agg(distinct o.lane) from talkme.outbox as o where o.batch_id = parts[2]::bigint and o.status = 'pending'
    );
  end if;
  return talkme.waiting_lanes(
    case parts[1] when 'account' then parts[2] end,
    case parts[1] when 'campaign' then parts[2]::bigint end,
    case parts[1] when 'channel' then parts[2]::bigint end
  );
end
$$;

comment on function talkme.lanes_of(text) is 'The lanes of a scope that have waiting rows; null if there are none';

revoke execute on function talkme.lanes_of(text) from public;
