create or replace function talkme.check_list(list_id bigint) returns table (code text, lines bigint, first_line integer)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  if mine.message is null or not mine.complete then
    perform talkme.refuse_as('list_ready', jsonb_build_object('id', mine.id));
  end if;

  with message as materialized (
    select m.line, m.left_out, talkme.recipient_of(m.numero_dest, m.email_dest) as recipient, array(
      select p.code
      from talkme.problems(
        m.numero_dest, m.id_campanha, m.info_contato, m.id_wpp, m.email_dest, m.txtmsg, m.assunto, m.account,
        send_at => m.send_at, expires_at => m.expires_at, dedupe_key => m.dedupe_key
      ) as p
    ) as codes, m.dedupe_key
    from talkme.list_messages(mine) as m
  ),
  -- The first line of each that can be sent stays.
  twice as (
    select
      m.line,
      row_number() over (partition by m.recipient order by m.line) > 1 as same_recipient,
      m.dedupe_key is not null and row_number() over (partition by m.dedupe_key order by m.line) > 1 as same_key
    from message as m
    where m.codes = '{}' and not m.left_out
  )
  update talkme.list_line as l
  set recipient = n.recipient, codes = n.codes
  from (
    select
      m.line, m.recipient, m.codes
        || case when t.same_recipient then '{list_recipient_twice}'::text[] else '{}' end
        || case when t.same_key then '{list_key_twice}'::text[] else '{}' end as codes
    from message as m
    left join twice as t using (line)
  ) as n
  where l.list_id = mine.id and l.line = n.line and (l.recipient, l.codes) is distinct from (n.recipient, n.codes);
  update talkme.list as l set checked_at = now() where l.id = mine.id;

  return query select * from talkme.list_problems(mine.id);
end
$$;

comment on function talkme.check_list(bigint) is
  'Checks every line of a list as talkme.problems does, and for recipients and keys that the list has twice; returns each problem with the number of its lines';

revoke execute on function talkme.check_list(bigint) from public;
grant execute on function talkme.check_list(bigint) to talkme_operator, talkme_producer, talkme_marketing;
