-- The guards: what an insert has to pass once it is well-formed. Runs after check_outbox, because triggers run in the order of
-- their names, and with its owner's rights: a producer reads no settings.
create or replace function talkme.guard_outbox() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  campaign talkme.campaign;
  batch    record;
  earlier  record;
  refused  boolean := false;
  problem  talkme.problem;
begin
  if new.batch_id is not null and (tg_op = 'INSERT' or new.batch_id is distinct from old.batch_id) then
    -- One question for nearly all rows. Not by talkme.caller(), which is planned again wherever another search_path holds, 30 us.
    select b.created_by = new.created_by as own, (select true from talkme.paused as p where p.scope = 'batch:' || b.id) as paused
    into batch from talkme.batch as b where b.id = new.batch_id;
    if batch.own is not true and not talkme.may_use_batch(new.batch_id) then
      refused := true;
    elsif tg_op = 'INSERT' and batch.paused then
      new.retry_at := talkme.held_until();
      new.error_code := 'batch_paused';
      new.error := talkme.batch_paused_error();
    end if;
  end if;

  select * into campaign from talkme.campaign as c where c.account = new.account and c.id_campanha = new.id_campanha;
  if not found and not refused then
    return new;
  end if;

  if refused then
    null;
  elsif tg_op = 'INSERT' and not campaign.active or talkme.missing_variables(campaign, new.info_contato) is not null then
    refused := true;
  elsif tg_op = 'INSERT' and campaign.duplicate_window is not null then
    -- Of two inserts at the same moment, the second waits here until it can see the first.
    insert into talkme.duplicate_lock as t (account, id_campanha, taken_by)
    values (new.account, new.id_campanha, pg_current_xact_id())
    on conflict on constraint duplicate_lock_pkey do update set taken_by = excluded.taken_by
    where t.taken_by <> excluded.taken_by;
    earlier := talkme.find_duplicate(new, campaign.duplicate_window);
    if earlier.id is not null and campaign.on_duplicate = 'refuse' then
      refused := true;
    elsif earlier.id is not null then
      new.retry_at := talkme.held_until();
      new.error_code := 'held_duplicate';
      new.error := format(
        'It is held because row %s has the same recipient and variables. talkme.resume(''campaign:%s'') lets it go, talkme.cancel drops it.',
        earlier.id, campaign.id_campanha
      );
    end if;
  end if;

  if refused then
    for problem in select * from talkme.guard_problems(new, tg_op = 'INSERT') loop
      perform talkme.refuse_problem(problem, new, tg_op);
    end loop;
  end if;
  return new;
end
$$;

comment on function talkme.guard_outbox() is 'Refuses or holds a row that the rules of its campaign do not allow';

revoke execute on function talkme.guard_outbox() from public;

create or replace trigger guard_outbox
  before insert or update of account, id_campanha, numero_dest, email_dest, info_contato, batch_id
  on talkme.outbox
  for each row when (new.blanked_at is null) execute function talkme.guard_outbox();
