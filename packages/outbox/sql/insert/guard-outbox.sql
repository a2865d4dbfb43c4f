-- The guards: what an insert has to pass once it is well-formed. Runs after check_outbox, because triggers run in the order of
-- their names, and with its owner's rights: a producer reads no settings.
create or replace function talkme.guard_outbox() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  campaign talkme.campaign;
  earlier  record;
  key      text;
begin
  select * into campaign from talkme.campaign as c where c.account = new.account and c.id_campanha = new.id_campanha;
  if not found then
    return new;
  end if;

  if tg_op = 'INSERT' and not campaign.active then
    perform talkme.outbox_refuse(
      'outbox_campaign_active',
      format('campaign %s (%s) is not active', campaign.id_campanha, campaign.name),
      'Use another campaign, or set active in talkme.campaign.'
    );
  end if;
  perform talkme.refuse_missing_variables(campaign, new.info_contato);

  if tg_op = 'INSERT' and campaign.duplicate_window is not null then
    -- Of two inserts at the same moment, the second waits here until it can see the first.
    insert into talkme.duplicate_lock as t (account, id_campanha, taken_by)
    values (new.account, new.id_campanha, pg_current_xact_id())
    on conflict on constraint duplicate_lock_pkey do update set taken_by = excluded.taken_by
    where t.taken_by <> excluded.taken_by;
    key := talkme.recipient_key(new.numero_dest, new.email_dest);
    select o.id, o.created_at, o.created_by into earlier
    from talkme.outbox as o
    where o.recipient = key and o.account = new.account and o.id_campanha = new.id_campanha
      and o.info_contato is not distinct from new.info_contato
      and o.created_at > now() - campaign.duplicate_window
      and o.status not in ('failed', 'expired', 'cancelled')
    limit 1;
    -- The same address is the same person, too.
    if earlier.id is null and new.email_dest <> '' then
      key := talkme.address_key(new.email_dest);
      select o.id, o.created_at, o.created_by into earlier
      from talkme.outbox as o
      where o.email_dest is not null and talkme.address_key(o.email_dest) = key
        and o.account = new.account and o.id_campanha = new.id_campanha
        and o.info_contato is not distinct from new.info_contato
        and o.created_at > now() - campaign.duplicate_window
        and o.status not in ('failed', 'expired', 'cancelled')
      limit 1;
    end if;
    if earlier.id is not null and campaign.on_duplicate = 'refuse' then
      perform talkme.outbox_refuse(
        'outbox_duplicate',
        -- A producer does not see the rows of others: it learns only that there is one.
        format('the recipient was given the same message of campaign %s ', campaign.id_campanha) || case
          when talkme.caller_is_creator(earlier.created_by) or talkme.caller_is('{talkme_viewer,talkme_operator}')
            then format('at %s, as row %s', talkme.say_time(earlier.created_at), earlier.id)
          else 'by another producer'
        end,
        format('If it is meant to be sent again within %s, change a variable, or talkme.campaign.duplicate_window.', campaign.duplicate_window)
      );
    elsif earlier.id is not null then
      new.retry_at := talkme.held_until();
      new.error_code := 'held_duplicate';
      new.error := format(
        'It is held because row %s has the same recipient and variables. talkme.resume(''campaign:%s'') lets it go, talkme.cancel drops it.',
        earlier.id, campaign.id_campanha
      );
    end if;
  end if;
  return new;
end
$$;

comment on function talkme.guard_outbox() is 'Refuses or holds a row that the rules of its campaign do not allow';

revoke execute on function talkme.guard_outbox() from public;

create or replace trigger guard_outbox
  before insert or update of account, id_campanha, numero_dest, email_dest, info_contato
  on talkme.outbox
  for each row when (new.blanked_at is null) execute function talkme.guard_outbox();
