-- Refuses at the insert what can be refused there, with a message for the person who wrote the insert.
-- A trigger instead of CHECK constraints: a CHECK is evaluated again at every claim and every settle, and its
-- message cannot name the offending variable. Each error still carries a constraint's name (\errverbose shows it).
create or replace function talkme.check_outbox() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  counted text;
  broken  text[];
  problem talkme.problem;
begin
  if tg_op = 'INSERT' then
    -- Numbers the rows, so that a refusal can say which one of a set it is: see say_which. Costs a microsecond.
    counted := set_config('talkme.row', (coalesce(nullif(current_setting('talkme.row', true), ''), '0')::integer + 1)::text, true);
    if new.status <> 'pending' or new.attempts <> 0 or new.fence <> 0
      or num_nonnulls(
        new.retry_at, new.claimed_by, new.claimed_at, new.finished_at, new.http_status, new.reference, new.response,
        new.error_code, new.error
      ) > 0
    then
      broken := array[case when new.status <> 'pending' then 'outbox_status_at_insert' else 'outbox_daemon_columns_at_insert' end];
      perform talkme.refuse_problem(talkme.describe_problem(broken[1], new), new, tg_op);
    end if;
  end if;
  broken := talkme.broken_rules(new);
  if broken <> '{}' then
    perform talkme.refuse_problem(talkme.describe_problem(broken[1], new), new, tg_op);
  end if;
  if new.info_contato is null or talkme.is_plain_info_contato(new.info_contato) then
    return new;
  end if;
  new.info_contato := talkme.plain_info_contato(new.info_contato);
  for problem in select * from talkme.info_contato_problems(new.info_contato) loop
    perform talkme.refuse_problem(problem, new, tg_op);
  end loop;
  return new;
end
$$;

comment on function talkme.check_outbox() is 'Refuses rows that could never be sent, with a message that says why and what to do';

revoke execute on function talkme.check_outbox() from public;

-- A blanked row has no recipient to check.
create or replace trigger check_outbox
  before insert or update of
    account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, send_at, expires_at,
    dedupe_key, max_attempts, on_unknown
  on talkme.outbox
  for each row when (new.blanked_at is null) execute function talkme.check_outbox();
