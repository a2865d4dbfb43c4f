create or replace function talkme.find_duplicate(
  o talkme.outbox, duplicate_window interval, out id bigint, out created_at timestamptz, out created_by name
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  key text := talkme.recipient_key(o.numero_dest, o.email_dest);
begin
  select r.id, r.created_at, r.created_by into id, created_at, created_by
  from talkme.outbox as r
  where r.recipient = key and r.account = o.account and r.id_campanha = o.id_campanha
    and r.info_contato is not distinct from o.info_contato
    and r.created_at > now() - duplicate_window
    and r.status not in ('failed', 'expired', 'cancelled')
  limit 1;
  -- The same address is the same person, too.
  if id is null and o.email_dest <> '' then
    key := talkme.address_key(o.email_dest);
    select r.id, r.created_at, r.created_by into id, created_at, created_by
    from talkme.outbox as r
    where r.email_dest is not null and talkme.address_key(r.email_dest) = key
      and r.account = o.account and r.id_campanha = o.id_campanha
      and r.info_contato is not distinct from o.info_contato
      and r.created_at > now() - duplicate_window
      and r.status not in ('failed', 'expired', 'cancelled')
    limit 1;
  end if;
end
$$;

comment on function talkme.find_duplicate(talkme.outbox, interval) is
  'A row of the campaign with the same recipient and variables, inserted within the window, that did not end without success';

revoke execute on function talkme.find_duplicate(talkme.outbox, interval) from public;
