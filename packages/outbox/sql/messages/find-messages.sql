-- Walks back by id, and no further than a number of rows at once: nobody waits for what matches nothing among millions. Whoever reads
-- goes on where it ended. A condition on the view alone would first read all of it.
create or replace function talkme.find_messages(
  status text default null, id_campanha bigint default null, batch_id bigint default null, error_code text default null,
  before bigint default null, most integer default 50, within bigint default 200000,
  out ids bigint[], out searched_to bigint
)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
-- Each combination of conditions gets a plan of its own: one plan for all of them would suit none.
set plan_cache_mode = force_custom_plan
as $$
declare
  everything constant boolean := talkme.sees_every_row();
  granted    constant bigint[] := talkme.granted_campaigns();
  creators   constant name[] := array(select r.rolname from pg_roles as r where pg_has_role(talkme.caller(), r.oid, 'usage'));
  -- An index has these in order, or has few of them.
  indexed    constant boolean := batch_id is not null or coalesce(status in ('failed', 'unknown', 'expired', 'cancelled'), false);
  newest     constant bigint := coalesce(before, (select max(o.id) + 1 from talkme.outbox as o));
  oldest     constant bigint := case when not indexed and newest > within then newest - within end;
begin
  ids := array(
    select o.id
    from talkme.outbox as o
    where o.id < newest and (oldest is null or o.id >= oldest)
      and (find_messages.status is null or o.status = find_messages.status)
      and (not indexed or find_messages.batch_id is not null or o.status in ('failed', 'unknown', 'expired', 'cancelled'))
      and (find_messages.id_campanha is null or o.id_campanha = find_messages.id_campanha)
      and (find_messages.batch_id is null or o.batch_id = find_messages.batch_id)
      and (find_messages.error_code is null or o.error_code = find_messages.error_code)
      and (everything or o.id_campanha = any (granted) or o.created_by = any (creators))
    order by o.id desc
    limit most
  );
  searched_to := case
    when cardinality(ids) = most then ids[most]
    else oldest
  end;
end
$$;

comment on function talkme.find_messages(text, bigint, bigint, text, bigint, integer, bigint) is
  'The latest messages of talkme.messages that match, before one and within a number of rows; and where to go on, null if nowhere';

revoke execute on function talkme.find_messages(text, bigint, bigint, text, bigint, integer, bigint) from public;
grant execute on function talkme.find_messages(text, bigint, bigint, text, bigint, integer, bigint)
to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
