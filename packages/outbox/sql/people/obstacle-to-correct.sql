-- What an insert would refuse, a correction is refused, too: the recipient, the variables, the campaign, a duplicate, a suppression.
-- Each in the sentence that the insert would have.
create or replace function talkme.obstacle_to_correct(o talkme.outbox, changes jsonb) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  n        talkme.outbox;
  broken   text[];
  moved    boolean;
  problem  text;
  campaign talkme.campaign;
  earlier  record;
begin
  if o.blanked_at is not null then
    return 'blanked';
  end if;
  n := talkme.corrected(o, changes);
  if n is not distinct from o then
    return 'same';
  end if;

  broken := talkme.broken_rules(n);
  if broken <> '{}' then
    return (talkme.describe_problem(broken[1], n)).complaint;
  elsif n.info_contato is not null and not talkme.is_plain_info_contato(n.info_contato) then
    select p.complaint into problem from talkme.info_contato_problems(n.info_contato) as p limit 1;
    if found then
      return problem;
    end if;
  end if;
  if n.expires_at <= now() and n.expires_at is distinct from o.expires_at then
    return 'expired';
  end if;

  moved := (n.account, n.id_campanha) is distinct from (o.account, o.id_campanha);
  if moved or n.info_contato is distinct from o.info_contato then
    select p.complaint into problem
    from talkme.guard_problems(n, moved) as p
    where p.code not in ('outbox_duplicate', 'outbox_batch_exists')
    limit 1;
    if found then
      return problem;
    end if;
  end if;
  if moved or (n.numero_dest, n.email_dest, n.info_contato) is distinct from (o.numero_dest, o.email_dest, o.info_contato) then
    select * into campaign from talkme.campaign as c where c.account = n.account and c.id_campanha = n.id_campanha;
    if campaign.duplicate_window is not null then
      earlier := talkme.find_duplicate(n, campaign.duplicate_window);
      if earlier.id <> o.id then
        return 'duplicate';
      end if;
    end if;
  end if;
  if (n.account, n.dedupe_key) is distinct from (o.account, o.dedupe_key) and exists (
    select from talkme.outbox as r where r.account = n.account and r.dedupe_key = n.dedupe_key and r.id <> o.id
  ) then
    return talkme.say('outbox_dedupe_key');
  end if;

  -- As in turn_problems: the list is not for producers. A row of theirs is cancelled at its turn.
  if (n.numero_dest, n.email_dest) is distinct from (o.numero_dest, o.email_dest)
    and talkme.caller_is('{talkme_viewer,talkme_operator}')
    and exists (
      select from talkme.suppression as s where s.recipient in (talkme.recipient_key(n.numero_dest, n.email_dest), talkme.address_key(n.email_dest))
    )
  then
    return 'suppressed';
  end if;
  return null;
end
$$;

comment on function talkme.obstacle_to_correct(talkme.outbox, jsonb) is
  'Why a row cannot get the changes of talkme.correct_where, as a word or a sentence; null if it can';

revoke execute on function talkme.obstacle_to_correct(talkme.outbox, jsonb) from public;
