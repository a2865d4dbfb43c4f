create or replace function talkme.suppress(numero text, reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  whom      constant text := talkme.parse_recipient(numero);
  cancelled bigint;
  on_wire   bigint;
  locked    bigint;
begin
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('suppress.reason'),
      hint = talkme.say('suppress.reason.hint');
  end if;
  insert into talkme.suppression (recipient, reason) values (whom, reason)
  on conflict on constraint suppression_pkey do update set reason = excluded.reason;

  -- Rows inserted from now on, or locked at this moment, are cancelled when they are about to be claimed. So are all where a
  -- customer's trigger refuses it: that must not undo the suppression.
  begin
    update talkme.outbox as o
    set status = 'cancelled', finished_at = now(), error_code = 'suppressed', error = talkme.suppressed_error()
    where o.status = 'pending' and o.id = any (array(
      select r.id from talkme.outbox as r
      where r.status = 'pending' and (r.recipient = whom or r.email_dest is not null and talkme.address_key(r.email_dest) = whom)
      for update skip locked
    ));
    get diagnostics cancelled = row_count;
  exception when others then
    cancelled := 0;
  end;
  select count(*) filter (where o.status = 'sending'), count(*) filter (where o.status = 'pending') into on_wire, locked
  from talkme.outbox as o
  where o.status in ('sending', 'pending') and (o.recipient = whom or o.email_dest is not null and talkme.address_key(o.email_dest) = whom);

  perform talkme.record_audit('suppress', '{}', cancelled, reason);
  -- Somebody has locked them. A claim that began before this asked for suppression then.
  return talkme.say('suppress.done', jsonb_build_object(
    'cancelled', cancelled, 'on_wire', nullif(on_wire, 0), 'locked', nullif(locked, 0)
  ));
end
$$;

comment on function talkme.suppress(text, text) is
  'Stops everything to a telephone number or e-mail address, in whichever spelling: cancels waiting rows, and later ones when their turn comes';

revoke execute on function talkme.suppress(text, text) from public;
grant execute on function talkme.suppress(text, text) to talkme_operator;
