-- With whole numbers for an operator, and for whoever may insert rows and brought the list in themselves; masked for everybody else. That
-- numbers left the database is in the audit, once for each export.
create or replace function talkme.export_batch(batch_id bigint, after bigint default 0, most integer default 5000)
returns table (
  id bigint, line integer, recipient text, status text, finished_at timestamptz, reference text, error_code text
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  owner name;
  whole boolean;
begin
  select b.created_by into owner from talkme.batch as b where b.id = export_batch.batch_id;
  if owner is null or not (talkme.sees_every_row() or talkme.caller_is_creator(owner)) then
    perform talkme.refuse_as('batch_exists', jsonb_build_object('id', batch_id), 'P0002');
  end if;
  whole := talkme.caller_is('{talkme_operator}') or talkme.caller_is('{talkme_producer}') and talkme.caller_is_creator(owner);
  if whole and after = 0 then
    perform talkme.record_audit(
      'export_batch', jsonb_build_object('batch', batch_id),
      (select count(*) from talkme.outbox as o where o.batch_id = export_batch.batch_id), null
    );
  end if;
  return query
  select
    o.id, case when o.metadata ->> 'line' ~ '^[0-9]{1,9}$' then (o.metadata ->> 'line')::integer end,
    case
      when whole then coalesce(o.numero_dest, o.email_dest)
      else coalesce(talkme.mask_recipient(o.numero_dest), talkme.mask_recipient(o.email_dest))
    end,
    o.status, o.finished_at, o.reference, o.error_code
  from talkme.outbox as o
  where o.batch_id = export_batch.batch_id and o.id > after
  order by o.id
  limit most;
end
$$;

comment on function talkme.export_batch(bigint, bigint, integer) is
  'A page of what became of the rows of a batch, line by line of its list: with whole numbers for an operator and for a producer whose batch it is, masked for others';

revoke execute on function talkme.export_batch(bigint, bigint, integer) from public;
grant execute on function talkme.export_batch(bigint, bigint, integer)
to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
