create or replace function talkme.cancel(id bigint, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  is_operator constant boolean := talkme.caller_is('{talkme_operator}');
  o talkme.outbox;
begin
  update talkme.outbox as r
  set status = 'cancelled', finished_at = now()
  where r.id = cancel.id and r.status = 'pending' and (is_operator or talkme.caller_is_creator(r.created_by))
  returning r.* into o;
  -- A trigger may have kept it as it was.
  if not found or o.status <> 'cancelled' then
    o := talkme.find_row(id, '{talkme_operator}');
    if o.id is null then
      perform talkme.refuse_no_row(id);
    end if;
    perform talkme.refuse_state('outbox_cancel_pending', 'cancelled', o);
  end if;
  perform talkme.record_action('cancel', jsonb_build_object('id', o.id), array[o.id], reason);
  return talkme.say('said.cancelled', jsonb_build_object('id', o.id));
end
$$;

comment on function talkme.cancel(bigint, text) is
  'Cancels a row that waits, also a held one; refuses a row in any other state, and names the state';

revoke execute on function talkme.cancel(bigint, text) from public;
grant execute on function talkme.cancel(bigint, text) to talkme_operator, talkme_producer, talkme_marketing;
