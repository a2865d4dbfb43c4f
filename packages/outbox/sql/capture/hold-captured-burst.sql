-- Captured rows come one by one, so hold_burst never sees many: this counts those of a transaction.
create or replace function talkme.hold_captured_burst() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  most     integer;
  counts   jsonb;
  scope    text;
  first_id bigint;
  so_many  integer;
  reason   text;
begin
  select c.burst_limit into most from talkme.campaign as c where c.account = new.account and c.id_campanha = new.id_campanha;
  if most is null then
    return null;
  end if;
  counts := coalesce(nullif(current_setting('talkme.captured', true), ''), '{}');
  scope := new.account || '/' || new.id_campanha;
  first_id := coalesce((counts -> scope ->> 0)::bigint, new.id);
  so_many := coalesce((counts -> scope ->> 1)::integer, 0) + 1;
  perform set_config('talkme.captured', (counts || jsonb_build_object(scope, jsonb_build_array(first_id, so_many)))::text, true);
  if so_many > most then
    reason := format(
      'It is held because its transaction brought more than %s rows to the campaign. talkme.resume(''campaign:%s'') lets them go, talkme.cancel drops it.',
      most, new.id_campanha
    );
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'held_burst', error = reason
    where o.id = new.id;
    if so_many = most + 1 then
      -- Takes the earlier ones along; created_at is the time of the transaction.
      update talkme.outbox as o
      set retry_at = talkme.held_until(), error_code = 'held_burst', error = reason
      where o.id >= first_id and o.id < new.id
        and o.account = new.account and o.id_campanha = new.id_campanha
        and o.created_at = new.created_at and o.created_by = new.created_by and o.status = 'pending';
    end if;
  end if;
  return null;
end
$$;

comment on function talkme.hold_captured_burst() is
  'Holds captured rows of a transaction that brings a campaign more of them than its burst_limit';

revoke execute on function talkme.hold_captured_burst() from public;

create or replace trigger hold_captured_burst
  after insert on talkme.outbox
  for each row when (current_setting('talkme.capture', true) <> '')
  execute function talkme.hold_captured_burst();
