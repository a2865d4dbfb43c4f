-- The rules of the guards, told once: guard_outbox raises the first that is broken, talkme.problems returns all.
create or replace function talkme.guard_problems(o talkme.outbox, inserting boolean) returns setof talkme.problem
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  campaign talkme.campaign;
  missing  text;
  earlier  record;
  problem  talkme.problem;
begin
  if o.batch_id is not null then
    if not talkme.may_use_batch(o.batch_id) then
      return next talkme.problem_of('outbox_batch_exists', 'batch_id', jsonb_build_object('batch_id', o.batch_id));
    end if;
  end if;

  select * into campaign from talkme.campaign as c where c.account = o.account and c.id_campanha = o.id_campanha;
  if not found then
    return;
  end if;

  if inserting and not campaign.active then
    return next talkme.problem_of(
      'outbox_campaign_active', 'id_campanha', jsonb_build_object('id_campanha', campaign.id_campanha, 'name', campaign.name)
    );
  end if;

  missing := talkme.missing_variables(campaign, o.info_contato);
  if missing is not null then
    return next talkme.problem_of(
      'outbox_campaign_variables', 'info_contato',
      jsonb_build_object('id_campanha', campaign.id_campanha, 'name', campaign.name, 'missing', missing)
    );
  end if;

  if inserting and campaign.duplicate_window is not null and campaign.on_duplicate = 'refuse' then
    earlier := talkme.find_duplicate(o, campaign.duplicate_window);
    if earlier.id is not null then
      problem := talkme.problem_of('outbox_duplicate', 'numero_dest', jsonb_build_object(
        'id_campanha', campaign.id_campanha, 'at', earlier.created_at, 'id', earlier.id,
        'duplicate_window', campaign.duplicate_window
      ));
      -- A producer does not see the rows of others: it learns only that there is one.
      if not (talkme.caller_is_creator(earlier.created_by) or talkme.caller_is('{talkme_viewer,talkme_operator}')) then
        problem.complaint := talkme.say('outbox_duplicate.anothers', jsonb_build_object('id_campanha', campaign.id_campanha));
      end if;
      return next problem;
    end if;
  end if;
end
$$;

comment on function talkme.guard_problems(talkme.outbox, boolean) is
  'The rules of its batch and campaign that a message breaks';

revoke execute on function talkme.guard_problems(talkme.outbox, boolean) from public;
