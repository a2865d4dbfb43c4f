-- Everything for which a message would be refused, for lists that are checked before they are inserted. Tells the rules through the
-- functions that the insert's triggers use, and inserts nothing. With its owner's rights: a producer reads no settings.
create or replace function talkme.problems(
  numero_dest      text        default null,
  id_campanha      bigint      default null,
  info_contato     jsonb       default null,
  id_wpp           bigint      default null,
  email_dest       text        default null,
  txtmsg           text        default null,
  assunto          text        default null,
  account          text        default null,
  priority         integer     default null,
  send_at          timestamptz default null,
  expires_at       timestamptz default null,
  dedupe_key       text        default null,
  max_attempts     integer     default null,
  on_unknown       text        default null,
  metadata         jsonb       default null,
  on_duplicate_key text        default 'refuse',
  batch_id         bigint      default null
) returns table (code text, field text, message text)
language plpgsql stable
security definer
rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  o        talkme.outbox;
  broken   text[];
  campaign talkme.campaign;
begin
  o.account := coalesce(problems.account, 'default');
  o.id_campanha := problems.id_campanha;
  o.id_wpp := problems.id_wpp;
  o.numero_dest := problems.numero_dest;
  o.email_dest := problems.email_dest;
  o.txtmsg := problems.txtmsg;
  o.assunto := problems.assunto;
  o.info_contato := problems.info_contato;
  o.send_at := coalesce(problems.send_at, now());
  o.expires_at := problems.expires_at;
  o.dedupe_key := problems.dedupe_key;
  -- What does not fit into the column is as wrong as its limit.
  o.max_attempts := case when problems.max_attempts is not null then greatest(least(problems.max_attempts, 32767), -32768) end;
  o.on_unknown := problems.on_unknown;
  o.batch_id := problems.batch_id;

  broken := talkme.broken_rules(o);
  if broken <> '{}' then
    return query
    select p.code, p.field, p.complaint || '. ' || p.remedy
    from unnest(broken) as rule cross join lateral talkme.describe_problem(rule, o) as p;
  end if;
  if problems.priority is not null or problems.on_duplicate_key is distinct from 'refuse' then
    return query
    select p.code, p.field, p.complaint || '. ' || p.remedy
    from talkme.enqueue_problems(problems.priority, problems.on_duplicate_key) as p;
  end if;
  if not talkme.is_plain_info_contato(o.info_contato) then
    o.info_contato := talkme.plain_info_contato(o.info_contato);
    return query
    select p.code, p.field, p.complaint || '. ' || p.remedy from talkme.info_contato_problems(o.info_contato) as p;
  end if;
  -- Nearly all messages are fine: these questions are cheaper than the functions that know all answers, and sufficient.
  select * into campaign from talkme.campaign as c where c.account = o.account and c.id_campanha = o.id_campanha;
  if o.batch_id is not null or campaign.id_campanha is not null and (
    not campaign.active or campaign.duplicate_window is not null
    or campaign.required_variables <> '{}' and talkme.missing_variables(campaign, o.info_contato) is not null
  ) then
    return query select p.code, p.field, p.complaint || '. ' || p.remedy from talkme.guard_problems(o, true) as p;
  end if;
  if o.dedupe_key is not null and problems.on_duplicate_key = 'refuse' then
    return query
    select p.code, p.field, p.complaint || '. ' || p.remedy
    from talkme.outbox as r cross join talkme.problem_of('outbox_dedupe_key', 'dedupe_key') as p
    where r.account = o.account and r.dedupe_key = o.dedupe_key;
  end if;
  if o.email_dest is not null or o.expires_at is not null or not talkme.is_plain_number(o.numero_dest)
    or exists (select from talkme.suppression as s where s.recipient = '55' || o.numero_dest)
    or exists (select from talkme.lane as l where l.account = o.account and l.quiet_until > now())
  then
    return query select p.code, p.field, p.complaint || '. ' || p.remedy from talkme.turn_problems(o) as p;
  end if;
end
$$;

comment on function talkme.problems(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamptz, timestamptz, text, integer, text, jsonb, text, bigint
) is
  'Everything for which a message would be refused, at the insert or at its turn; no row where it is fine. Arguments as of talkme.enqueue. Inserts nothing: made to be run over a staging table';

revoke execute on function talkme.problems(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text, bigint
) from public;
grant execute on function talkme.problems(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamp with time zone, timestamp with time zone, text, integer, text, jsonb, text, bigint
) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
