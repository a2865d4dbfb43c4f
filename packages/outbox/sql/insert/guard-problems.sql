-- The rules of the guards, told once: guard_outbox raises the first that is broken, talkme.problems returns all.
create or replace function talkme.guard_problems(o talkme.outbox, inserting boolean) returns setof talkme.problem
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  campaign talkme.campaign;
  missing  text;
  earlier  record;
begin
  if o.batch_id is not null then
    if not talkme.may_use_batch(o.batch_id) then
      return next (
        'outbox_batch_exists', 'batch_id', format('there is no batch %s, or it is not yours', o.batch_id),
        'insert into talkme.batch (name) values (''Natal'') returning id makes one.'
      )::talkme.problem;
    end if;
  end if;

  select * into campaign from talkme.campaign as c where c.account = o.account and c.id_campanha = o.id_campanha;
  if not found then
    return;
  end if;

  if inserting and not campaign.active then
    return next (
      'outbox_campaign_active', 'id_campanha',
      format('campaign %s (%s) is not active', campaign.id_campanha, campaign.name),
      'Use another campaign, or set active in talkme.campaign.'
    )::talkme.problem;
  end if;

  missing := talkme.missing_variables(campaign, o.info_contato);
  if missing is not null then
    return next (
      'outbox_campaign_variables', 'info_contato',
      format('campaign %s (%s) needs variables that are missing or blank: %s', campaign.id_campanha, campaign.name, missing),
      'Give each of them a value in info_contato. Which ones a campaign needs is in talkme.campaign.required_variables.'
    )::talkme.problem;
  end if;

  if inserting and campaign.duplicate_window is not null and campaign.on_duplicate = 'refuse' then
    earlier := talkme.find_duplicate(o, campaign.duplicate_window);
    if earlier.id is not null then
      return next (
        'outbox_duplicate', 'numero_dest',
        -- A producer does not see the rows of others: it learns only that there is one.
        format('the recipient was given the same message of campaign %s ', campaign.id_campanha) || case
          when talkme.caller_is_creator(earlier.created_by) or talkme.caller_is('{talkme_viewer,talkme_operator}')
            then format('at %s, as row %s', talkme.say_time(earlier.created_at), earlier.id)
          else 'by another producer'
        end,
        format('If it is meant to be sent again within %s, change a variable, or talkme.campaign.duplicate_window.', campaign.duplicate_window)
      )::talkme.problem;
    end if;
  end if;
end
$$;

comment on function talkme.guard_problems(talkme.outbox, boolean) is
  'The rules of its batch and campaign that a message breaks';

revoke execute on function talkme.guard_problems(talkme.outbox, boolean) from public;
