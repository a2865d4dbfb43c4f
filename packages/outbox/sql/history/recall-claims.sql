-- What an instance remembers of claims that the database may have lost. A row that is pending although its message was sent gets its
-- claim back as unknown; then the answer settles it like any other.
create or replace function talkme.recall_claims(claims json) returns table (id bigint, claim bigint, became text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
  with remembered as materialized (
    select * from json_to_recordset(claims) as c (
      id bigint, claim bigint, claimed_by text, fence integer, seal integer, lane text, due_at_us bigint, age_ms double precision,
      left_us boolean
    )
  ),
  met as materialized (
    select
      c.*, o.id as row_id,
      o.status = 'pending' and o.lane = c.lane and talkme.seal(o.numero_dest, o.email_dest) = c.seal and o.blanked_at is null as is_it,
      round(date_part('epoch', greatest(o.due_at, '1900-01-01')) * 1000000)::bigint = c.due_at_us as in_time
    from remembered as c
    left join talkme.outbox as o on o.id = c.id
    -- A row that is gone may have been deleted, but hardly so soon.
    where o.fence < c.fence or o.id is null and c.age_ms < 600000
  ),
  free as materialized (
    select o.id
    from talkme.outbox as o
    where o.id in (select row_id from met where is_it and left_us) and o.status = 'pending'
    for update skip locked
  ),
  restored as (
    update talkme.outbox as o set
      status     = 'unknown',
      attempts   = o.attempts + 1,
      fence      = met.fence,
      claim      = met.claim,
      claimed_by = met.claimed_by,
      claimed_at = now() - met.age_ms * interval '1 millisecond',
      retry_at   = null,
      error_code = 'history_changed',
      error      = 'The instance ' || met.claimed_by || ' sent it, or was about to, in a part of the database''s history that was lost. '
                   'Look for it in Talk.me before you send it again.'
    from met
    join free on free.id = met.row_id
    where o.id = met.row_id and met.is_it and met.left_us
    returning o.id, o.claim
  )
  select
    met.id, met.claim,
    case
      when (met.id, met.claim) in (select r.id, r.claim from restored as r) then case when in_time then 'restored' else 'doubted' end
      -- Or a trigger keeps it as it is.
      when is_it and left_us then 'locked'
      else 'missing'
    end
  from met;
end
$$;

comment on function talkme.recall_claims(json) is
  'Compares what an instance remembers with the rows: returns the claims that the database has lost, and makes their rows unknown where they were to be sent again';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.recall_claims(json) from public;
grant execute on function talkme.recall_claims(json) to talkme_daemon;
