-- What an insert has to be beside well-formed: what its campaign asks for, and no accident. Runs after check_outbox,
-- because triggers run in the order of their names, and with its owner's rights: a producer reads no settings.

-- A row whose personal data was removed has no recipient any more.
create or replace trigger check_outbox
  before insert or update of
    account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, send_at, expires_at,
    dedupe_key, max_attempts, on_unknown
  on talkme.outbox
  for each row when (new.blanked_at is null) execute function talkme.check_outbox();

create function talkme.refuse_missing_variables(campaign talkme.campaign, info_contato jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  missing text;
begin
  select string_agg(
    case required when 'PRIMEIRO_NOME' then 'nome (for PRIMEIRO_NOME)' else required end, ', ' order by place
  )
  into missing
  from unnest(campaign.required_variables) with ordinality as variable (required, place)
  where coalesce(talkme.is_blank(info_contato ->> case required when 'PRIMEIRO_NOME' then 'nome' else required end), true);
  if missing is not null then
    perform talkme.outbox_refuse(
      'outbox_campaign_variables',
      format('campaign %s (%s) needs variables that are missing or blank: %s', campaign.id_campanha, campaign.name, missing),
      'Give each of them a value in info_contato. Which ones a campaign needs is in talkme.campaign.required_variables.'
    );
  end if;
end
$$;

comment on function talkme.refuse_missing_variables(talkme.campaign, jsonb) is
  'Refuses variables that lack what the campaign needs, by name';

-- Whoever inserts into a campaign with a duplicate_window takes its turn until the commit. One row for the campaign: a lock
-- for each recipient would fill the server's lock table, and two inserts could wait for each other. A row, and not an advisory lock:
-- a transaction that goes by an older snapshot would not see what was inserted since, and gets 40001 for writing this row.
create table talkme.duplicate_turn (
  account       text        not null,
  id_campanha   bigint      not null,
  taken_by      xid8        not null,

  constraint duplicate_turn_pkey primary key (account, id_campanha)
) with (fillfactor = 50);

comment on table talkme.duplicate_turn is 'Campaigns with a duplicate_window: lets one transaction at a time insert into each';
comment on column talkme.duplicate_turn.account is 'As in talkme.campaign';
comment on column talkme.duplicate_turn.id_campanha is 'As in talkme.campaign';
comment on column talkme.duplicate_turn.taken_by is 'The transaction that inserted last';

create function talkme.guard_outbox() returns trigger
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
    -- Of two that are inserted at the same moment, the second waits here until it can see the first.
    insert into talkme.duplicate_turn as t (account, id_campanha, taken_by)
    values (new.account, new.id_campanha, pg_current_xact_id())
    on conflict on constraint duplicate_turn_pkey do update set taken_by = excluded.taken_by
    where t.taken_by <> excluded.taken_by;
    key := talkme.recipient_key(new.numero_dest, new.email_dest);
    select o.id, o.created_at, o.created_by into earlier
    from talkme.outbox as o
    where o.recipient = key and o.account = new.account and o.id_campanha = new.id_campanha
      and o.info_contato is not distinct from new.info_contato
      and o.created_at > now() - campaign.duplicate_window
      and o.status not in ('failed', 'expired', 'cancelled')
    limit 1;
    -- A person is the same by address as by number.
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
        -- A producer sees no rows of others, and learns of them here no more than that there is one.
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

comment on function talkme.guard_outbox() is
  'Refuses or holds a row that its campaign does not take';

revoke execute on function talkme.guard_outbox() from public;
revoke execute on function talkme.refuse_missing_variables(talkme.campaign, jsonb) from public;

create trigger guard_outbox
  before insert or update of account, id_campanha, numero_dest, email_dest, info_contato
  on talkme.outbox
  for each row when (new.blanked_at is null) execute function talkme.guard_outbox();


create function talkme.hold_burst() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  burst record;
begin
  if not exists (select from talkme.campaign where burst_limit is not null) then
    return null;
  end if;
  for burst in
    select i.account, i.id_campanha, array_agg(i.id) as ids
    from inserted as i
    join talkme.campaign as c on c.account = i.account and c.id_campanha = i.id_campanha
    group by i.account, i.id_campanha, c.burst_limit
    having count(*) > c.burst_limit
  loop
    update talkme.outbox as o
    set retry_at = talkme.held_until(), error_code = 'held_burst', error = format(
      'It is held because it came with %s others to the campaign in one insert. talkme.resume(''campaign:%s'') lets them go, talkme.cancel drops it.',
      cardinality(burst.ids) - 1, o.id_campanha
    )
    where o.id = any (burst.ids);
  end loop;
  return null;
end
$$;

comment on function talkme.hold_burst() is 'Holds the rows of an insert that brings more to a campaign than its burst_limit';

revoke execute on function talkme.hold_burst() from public;

create trigger hold_burst
  after insert on talkme.outbox
  referencing new table as inserted
  for each statement execute function talkme.hold_burst();
