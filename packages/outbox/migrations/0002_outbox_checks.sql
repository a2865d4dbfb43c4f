-- What can be refused at the insert is refused here, with a message for the person who wrote the insert.
-- A trigger instead of CHECK constraints: a CHECK is evaluated again at every claim and every settle, and its
-- message cannot name the offending variable. Each error still carries a constraint's name (\errverbose shows it).

create function talkme.outbox_refuse(rule text, complaint text, remedy text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox',
    constraint = rule, message = complaint, hint = remedy;
end
$$;

comment on function talkme.outbox_refuse(text, text, text) is 'Refuses a row of talkme.outbox under the name of a rule';

-- Texts -----------------------------------------------------------------------------------------------------------------
-- Characters are named by their numbers in E'' strings, which read the same whatever standard_conforming_strings is. In an
-- encoding other than UTF8 a regular expression compares that encoding's numbers, so only ASCII is looked for there.

create function talkme.trim_blanks(given text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  blank constant text := case getdatabaseencoding()
    when 'UTF8' then E'[ \\u0009-\\u000d\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+'
    else E'[ \\u0009-\\u000d]+'
  end;
begin
  return regexp_replace(regexp_replace(given, '^' || blank, ''), blank || '$', '');
end
$$;

comment on function talkme.trim_blanks(text) is 'A text without white space around it, of which Unicode has more than btrim knows';

create function talkme.is_blank(given text) returns boolean
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  return given ~ case getdatabaseencoding()
    -- The same ranges as in packages/core/src/message/blank.ts.
    when 'UTF8' then
      E'^[ \\u00a0\\u00ad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f\\u2000-\\u200f\\u202a-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]*$'
    else '^ *$'
  end;
end
$$;

comment on function talkme.is_blank(text) is 'Whether a text shows nothing: it is empty, or has spaces, zero-width characters and fillers alone';

create function talkme.dialled_digits(numero_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  written constant text := talkme.trim_blanks(numero_dest);
  digits  text;
begin
  if length(written) > 40 or written !~ (case getdatabaseencoding()
      when 'UTF8' then E'^[+]?[0-9 \\u00a0\\u202f()./\\u2010-\\u2015\\u2212-]+$'
      else '^[+]?[0-9 ()./-]+$'
    end)
    -- One digit alone at the end is a decimal, a check digit, an extension or an alternative.
    or written ~ '[^0-9][0-9]$' or written ~ '[)]$'
    -- A dot stands between groups, of which none before a dot has more than five digits; behind the last dot stand three digits
    -- or more, or two behind two others, as the French write.
    or written ~ '[.]' and (
      written ~ '(^|[^0-9)])[.]|[.]([^0-9]|$)|[0-9]{6}[.]'
      or written !~ '([.][0-9]{3,}|(^|[^0-9])[0-9]{2}[.][0-9]{2})([^.0-9][^.]*)?$'
    )
    -- A slash stands behind an area code, and not before an extension or a second number.
    or written ~ '/.*/' or written ~ '/' and length(regexp_replace(split_part(written, '/', 2), '[^0-9]', '', 'g')) < 6
  then
    return null;
  end if;
  digits := regexp_replace(written, '[^0-9]', '', 'g');
  return case
    when written ~ '^[+]' then '+' || digits
    when digits ~ '^00' then '+' || substr(digits, 3)
    else digits
  end;
end
$$;

comment on function talkme.dialled_digits(text) is
  'The digits that somebody who dialled a written number would dial, after a + where the country code comes first, which 00 says as well; null for what is not written like one telephone number';

create function talkme.is_address(email_dest text) returns boolean
language sql immutable parallel safe
return email_dest ~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~.-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*$' and length(email_dest) <= 254;

comment on function talkme.is_address(text) is 'Whether a text is one e-mail address in ASCII, without a name';


-- Rows ------------------------------------------------------------------------------------------------------------------

create function talkme.check_info_contato(info jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  known constant text[] := array[
    'documento', 'nome', 'telefone1', 'telefone2', 'telefone3', 'email', 'endereco', 'bairro', 'cep', 'cidade',
    'estado', 'pais', 'geral1', 'geral2', 'geral3', 'geral4', 'geral5'
  ];
  in_utf8  constant boolean := getdatabaseencoding() = 'UTF8';
  spelling record;
  variable record;
  unknown  text;
begin
  -- What is right by all rules below, as nearly all are, is found so by one expression: the loops took a quarter of an insert.
  -- In text, JSON has each control character of ASCII but one behind a backslash.
  if jsonb_typeof(info) = 'object' and info - known = '{}' and not info @? 'strict $.* ? (@.type() != "string")'
    and length(info::text) <= 1024
    and info::text !~ (case when in_utf8 then E'[\\\\\\u007f-\\u009f\\u2028\\u2029]|     ' else E'[\\\\\\u007f]|     ' end)
  then
    return info;
  end if;

  if jsonb_typeof(info) <> 'object' then
    perform talkme.outbox_refuse(
      'outbox_info_contato_object',
      format('info_contato is a JSON %s, not an object', jsonb_typeof(info)),
      'Write an object of strings, such as {"nome":"Fulano de tal","geral1":"R$ 10,00"}, or null for a template without variables.'
    );
  end if;

  -- An accent may come as a character of its own, as macOS writes it. Of two that differ, the longer one stays, and is unknown.
  if in_utf8 then
    for spelling in
      select key as accented, normalize(key, nfc) as plain from jsonb_object_keys(info) as key where key is not nfc normalized
    loop
      if not info ? spelling.plain or info -> spelling.plain = info -> spelling.accented then
        info := info - spelling.accented || jsonb_build_object(spelling.plain, info -> spelling.accented);
      end if;
    end loop;
  end if;

  for spelling in select * from (values ('endereço', 'endereco'), ('país', 'pais')) as s (accented, plain) loop
    if info ? spelling.accented then
      if info -> spelling.plain <> info -> spelling.accented
        and not coalesce(talkme.is_blank(info ->> spelling.plain), false)
        and not coalesce(talkme.is_blank(info ->> spelling.accented), false)
      then
        perform talkme.outbox_refuse(
          'outbox_info_contato_spelling',
          format('info_contato has both %s and %s, with different values', spelling.plain, spelling.accented),
          'They are one variable: keep one of them.'
        );
      end if;
      info := info - spelling.accented || case
        when talkme.is_blank(info ->> spelling.accented) and info ? spelling.plain then '{}'
        else jsonb_build_object(spelling.plain, info -> spelling.accented)
      end;
    end if;
  end loop;

  select string_agg(key, ', ' order by key) into unknown from jsonb_object_keys(info) as key where key <> all (known);
  if unknown is not null then
    perform talkme.outbox_refuse(
      'outbox_info_contato_known',
      format('info_contato has variables that Talk.me does not know: %s', unknown),
      format('It knows %s.', array_to_string(known, ', '))
    );
  end if;

  for variable in select key, jsonb_typeof(value) as type, value #>> '{}' as text from jsonb_each(info) loop
    if variable.type <> 'string' then
      perform talkme.outbox_refuse(
        'outbox_info_contato_strings',
        format('info_contato.%s is a JSON %s, not a string', variable.key, variable.type),
        'Put the value in double quotes, or leave the variable out.'
      );
    elsif variable.text ~ (case when in_utf8 then E'[\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029]|     ' else E'[\\u0001-\\u001f\\u007f]|     ' end) then
      perform talkme.outbox_refuse(
        'outbox_info_contato_whitespace',
        format('info_contato.%s contains %s', variable.key, case
          when variable.text ~ E'[\n\r]' then 'a line break'
          when variable.text ~ E'\t' then 'a tab'
          when in_utf8 and variable.text ~ E'[\\u2028\\u2029]' then 'a line separator'
          when variable.text ~ '     ' then 'a run of more than four spaces'
          else 'a control character'
        end),
        'WhatsApp refuses these in a template''s variables: write the value in one line, with single spaces.'
      );
    elsif length(variable.text) > 1024 then
      perform talkme.outbox_refuse(
        'outbox_info_contato_length',
        format('info_contato.%s has %s characters', variable.key, length(variable.text)),
        'The whole text of a WhatsApp template holds 1024.'
      );
    end if;
  end loop;

  return info;
end
$$;

comment on function talkme.check_info_contato(jsonb) is
  'Refuses variables that Talk.me or WhatsApp would refuse, naming them; returns them under their unaccented names';

create function talkme.check_outbox() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  -- The first rule that the row breaks. Nearly all break none, which one expression finds out in half the time that one for each took.
  broken    text := case
    when tg_op = 'INSERT' and new.status <> 'pending'
      then 'outbox_status_at_insert'
    when tg_op = 'INSERT' and (
      new.attempts <> 0 or new.fence <> 0
      or num_nonnulls(
        new.retry_at, new.claimed_by, new.claimed_at, new.finished_at, new.http_status, new.reference, new.response,
        new.error_code, new.error
      ) > 0
    )
      then 'outbox_daemon_columns_at_insert'
    when new.account !~ '^[a-z0-9][a-z0-9_-]{0,62}$'
      then 'outbox_account_name'
    when nullif(new.numero_dest, '') is null and nullif(new.email_dest, '') is null
      then 'outbox_recipient_given'
    when new.numero_dest !~ '^[1-9][0-9]{9,10}$' and new.numero_dest <> ''
      and coalesce(length(ltrim(talkme.dialled_digits(new.numero_dest), '+')), 0) not between 8 and 15
      then 'outbox_numero_dest_format'
    when not talkme.is_address(new.email_dest) and new.email_dest <> ''
      then 'outbox_email_dest_format'
    when new.id_campanha is null and new.id_wpp is null
      then 'outbox_target_given'
    when new.id_campanha not between 1 and 9007199254740991
      then 'outbox_id_campanha_range'
    when new.id_wpp not between 1 and 9007199254740991
      then 'outbox_id_wpp_range'
    when length(new.txtmsg) > 4096
      then 'outbox_txtmsg_length'
    when new.assunto ~ E'[\n\r]' or length(new.assunto) > 255
      then 'outbox_assunto_format'
    when new.assunto is not null and new.email_dest is null and new.info_contato is null
      then 'outbox_assunto_has_method'
    when not isfinite(new.send_at) or new.send_at < '2000-01-01'
      then 'outbox_send_at_range'
    when new.expires_at <= new.send_at
      then 'outbox_expires_after_send_at'
    when length(new.dedupe_key) not between 1 and 255
      then 'outbox_dedupe_key_length'
    when new.max_attempts not between 1 and 1000
      then 'outbox_max_attempts_range'
    when new.on_unknown not in ('hold', 'resend')
      then 'outbox_on_unknown_known'
  end;
  complaint text;
  remedy    text;
begin
  if broken is null then
    if new.info_contato is not null then
      new.info_contato := talkme.check_info_contato(new.info_contato);
    end if;
    return new;
  end if;

  case broken
    when 'outbox_status_at_insert' then
      complaint := format('a new row cannot have the status %L', new.status);
      remedy := 'Leave status out: the row starts as pending, and syncd writes what becomes of it.';
    when 'outbox_daemon_columns_at_insert' then
      complaint := 'a new row gives values to columns that syncd writes';
      remedy := 'Leave out attempts, fence, retry_at, claimed_by, claimed_at, finished_at, http_status, reference, response, error_code and error.';
    when 'outbox_account_name' then
      complaint := format('%L cannot be the name of an account', new.account);
      remedy := 'A name has up to 63 small letters, digits, - and _. Leave account out for the account ''default''.';
    when 'outbox_recipient_given' then
      complaint := 'the message has no recipient';
      remedy := 'Give numero_dest (WhatsApp), email_dest (e-mail), or both.';
    when 'outbox_numero_dest_format' then
      complaint := 'numero_dest is not a telephone number';
      remedy := 'Write DDD and number, such as 11988887777; for another country + and the full number. Spaces, dots, hyphens and parentheses may stand between groups of 8 to 15 digits, and nothing else: no extension, and no decimal, as spreadsheets add.';
    when 'outbox_email_dest_format' then
      complaint := 'email_dest is not an e-mail address';
      remedy := 'Write one address in ASCII, such as fulano@example.com, without a name and without spaces; a domain of other letters in its form xn--.';
    when 'outbox_target_given' then
      complaint := 'the message has neither a campaign nor a channel';
      remedy := 'Give id_campanha (as Talk.me shows it for the campaign), id_wpp (for the channel), or both.';
    when 'outbox_id_campanha_range' then
      complaint := format('id_campanha cannot be %s', new.id_campanha);
      remedy := 'Write the number that Talk.me shows for the campaign.';
    when 'outbox_id_wpp_range' then
      complaint := format('id_wpp cannot be %s', new.id_wpp);
      remedy := 'Write the number that Talk.me shows for the channel.';
    when 'outbox_txtmsg_length' then
      complaint := format('txtmsg has %s characters', length(new.txtmsg));
      remedy := 'WhatsApp takes 4096.';
    when 'outbox_assunto_format' then
      complaint := 'assunto has a line break or more than 255 characters';
      remedy := 'Write the subject in one line.';
    when 'outbox_assunto_has_method' then
      complaint := 'assunto is given, but neither email_dest nor info_contato';
      remedy := 'Only the method with variables carries a subject: give email_dest or info_contato too, or leave assunto out.';
    when 'outbox_send_at_range' then
      complaint := format('send_at cannot be %s', new.send_at);
      remedy := 'Write a time from the year 2000 on, or leave it out to send at once.';
    when 'outbox_expires_after_send_at' then
      complaint := 'the message would expire before it may be sent';
      remedy := 'expires_at has to be later than send_at (by default, now).';
    when 'outbox_dedupe_key_length' then
      complaint := 'dedupe_key is empty or longer than 255 characters';
      remedy := 'Use a short key of your own, such as ''order 42 shipped'', or null for none.';
    when 'outbox_max_attempts_range' then
      complaint := format('max_attempts cannot be %s', new.max_attempts);
      remedy := 'Write a number from 1 to 1000, or leave it out for the daemon''s setting.';
    when 'outbox_on_unknown_known' then
      complaint := format('on_unknown cannot be %L', new.on_unknown);
      remedy := 'Write hold (a person decides) or resend (which may message a person twice), or leave it out for the daemon''s setting.';
  end case;
  perform talkme.outbox_refuse(broken, complaint, remedy);
  return null;
end
$$;

comment on function talkme.check_outbox() is 'Refuses rows that could never be sent, with a message that says why and what to do';

create trigger check_outbox
  before insert or update of
    account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, send_at, expires_at,
    dedupe_key, max_attempts, on_unknown
  on talkme.outbox
  for each row execute function talkme.check_outbox();


-- The last word on what a row may look like, for every writer: after an insert, whose checks are above, or in a copy of a row. Also in
-- a trigger, although it runs at each claim and each settle: CHECK constraints are read from their text at each statement, which takes
-- longer, and say nothing to a person. Without a search_path of its own, which would take as long as all the rest: its functions
-- are named with their schema, so that nobody's better match for their arguments is taken. An update by a session that puts
-- operators of its own before PostgreSQL's deceives itself.
--
-- A claim is named by claimed_by and claim. While its row is on the wire or in doubt the number is positive; whoever settles it turns the
-- sign, and whoever makes the row pending takes it off. So neither a trigger nor a hand that writes a status alone, or over a message
-- that is on its way, can have it sent twice or speak for somebody else's.
create function talkme.verify_outbox() returns trigger
language plpgsql
as $$
begin
  if (
    case
      when new.finished_at is not null then new.status in ('sent', 'failed', 'expired', 'cancelled')
      when new.status = 'sending' then pg_catalog.num_nulls(new.claimed_by, new.claimed_at) = 0
      else new.status in ('pending', 'unknown')
    end and coalesce(pg_catalog.isfinite(new.retry_at), true)
    and case
      when new.claim is null then true
      when new.status in ('expired', 'cancelled') then coalesce(old.status not in ('sending', 'unknown', 'sent'), true)
      -- A person may decide what is in doubt.
      when new.claim > 0 then
        new.status in ('sending', 'unknown') or new.status in ('sent', 'failed') and coalesce(old.status <> 'sending', true)
      else new.status in ('sent', 'failed')
    end
    and case
      when old.status is null then true
      when old.id <> new.id then false
      -- What was judged is what is sent.
      when old.status = 'pending' then new.status <> 'sending' or (
        old.numero_dest is not distinct from new.numero_dest and old.email_dest is not distinct from new.email_dest
        and old.account = new.account and old.id_campanha is not distinct from new.id_campanha
        and old.id_wpp is not distinct from new.id_wpp
      )
      when old.status in ('failed', 'expired', 'cancelled') or new.blanked_at is not null then true
      else old.numero_dest is not distinct from new.numero_dest and old.email_dest is not distinct from new.email_dest
        and old.account = new.account and old.id_campanha is not distinct from new.id_campanha
        and old.id_wpp is not distinct from new.id_wpp and old.txtmsg is not distinct from new.txtmsg
        and old.assunto is not distinct from new.assunto and old.info_contato is not distinct from new.info_contato
        and (new.status <> 'sending' or (
          old.status <> 'sent' and old.claimed_by = new.claimed_by and old.claimed_at = new.claimed_at
          and old.fence = new.fence and old.claim is not distinct from new.claim
        ))
    end
  ) then
    -- The retention counts from finished_at: only who owns the rows may make one older than it is. For others, as for a
    -- clock that was set back, it ended when it was inserted.
    if new.finished_at < new.created_at then
      if not pg_catalog.pg_has_role(
        current_user, (select c.relowner from pg_catalog.pg_class as c where c.oid = tg_relid), 'usage'
      ) then
        new.finished_at := new.created_at;
      end if;
    end if;
    return new;
  end if;
  if old.status is not null then
    perform talkme.refuse_edit(old, new);
  end if;
  perform talkme.refuse_contradiction(new);
  return new;
end
$$;

comment on function talkme.verify_outbox() is 'Refuses a row whose status contradicts its other columns, and edits of what is on the wire';

-- Whoever updates may call it, and it calls nothing.
create function talkme.refuse_edit(was talkme.outbox, o talkme.outbox) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  in_flight constant boolean := was.status in ('sending', 'unknown', 'sent');
  -- Triggers write a status, too: to them the last sentence speaks.
  remedy    constant text := case was.status
    when 'sending' then 'Wait for its answer, a matter of seconds; talkme.explain says what becomes of it.'
    when 'unknown' then 'Look for it in Talk.me, then call talkme.resolve with sent, failed, or resend, which sends it again.'
    when 'sent' then 'What Talk.me has accepted is not sent again: insert a new row. talkme.forget erases a person.'
    else 'talkme.retry makes it pending again.'
  end || ' If this comes from a trigger of yours, leave such rows out of it.';
  rule      text;
  complaint text;
  changed   text;
begin
  select string_agg(b.key, ', ' order by b.key) into changed
  from jsonb_each(to_jsonb(was)) as b
  join jsonb_each(to_jsonb(o)) as n on n.key = b.key and n.value <> b.value
  where b.key in (
    'account', 'id_campanha', 'id_wpp', 'numero_dest', 'email_dest', 'txtmsg', 'assunto', 'info_contato',
    'claimed_by', 'claimed_at', 'fence', 'claim'
  );
  case
    when was.id <> o.id then
      rule := 'outbox_id_stays';
      complaint := format('row %s would become row %s', was.id, o.id);
    when o.status = 'pending' and o.claim is not null
      or was.status = 'sending' and o.status in ('sent', 'failed') and o.claim > 0
      or in_flight and o.status in ('expired', 'cancelled') and o.claim is not null
      or was.status = 'sent' and o.status = 'sending' then
      rule := 'outbox_claim_settled';
      complaint := format('row %s is %s and cannot be made %s by hand', was.id, was.status, o.status);
    when was.status = 'pending' and o.status = 'sending' and changed ~ '_dest|account|id_' then
      rule := 'outbox_recipient_at_claim';
      complaint := format('row %s was to be claimed, and a trigger changed %s', was.id, changed);
    when in_flight and changed is not null then
      rule := 'outbox_message_unchanged';
      complaint := format('row %s is %s: its message and its claim cannot be changed any more (%s)', was.id, was.status, changed);
    else
      return;
  end case;
  raise exception using
    errcode = 'check_violation', schema = 'talkme', table = 'outbox', constraint = rule, message = complaint, hint = remedy;
end
$$;

comment on function talkme.refuse_edit(talkme.outbox, talkme.outbox) is
  'Refuses a change of what is on the wire, in doubt or sent, and says which function to call instead; returns where it finds none';

-- As its owner, so that who updates need not be allowed to call what it calls.
create function talkme.refuse_contradiction(o talkme.outbox) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if o.status not in ('pending', 'sending', 'sent', 'failed', 'unknown', 'expired', 'cancelled') then
    perform talkme.outbox_refuse(
      'outbox_status_known',
      format('%L is no status', o.status),
      'A row is pending, sending, sent, failed, unknown, expired or cancelled. talkme.cancel, talkme.retry and talkme.resolve change it.'
    );
  elsif o.status = 'sending' and num_nulls(o.claimed_by, o.claimed_at) > 0 then
    perform talkme.outbox_refuse(
      'outbox_sending_has_claim',
      'a row cannot be sending without claimed_by and claimed_at',
      'Leave it pending: syncd claims it, and writes all three.'
    );
  elsif not isfinite(o.retry_at) then
    perform talkme.outbox_refuse(
      'outbox_retry_at_finite',
      format('retry_at cannot be %s', o.retry_at),
      'Write a time, or null for a row that need not wait. talkme.cancel keeps a row from being sent, talkme.pause a whole campaign.'
    );
  elsif o.status = 'pending' and o.claim is not null
    or o.claim <= 0 and o.status in ('sending', 'unknown') then
    perform talkme.outbox_refuse(
      'outbox_claim_settled',
      format('row %s cannot be %s with the claim %s', o.id, o.status, o.claim),
      'talkme.cancel, talkme.retry and talkme.resolve settle a claim, or take it off; the answer does, too.'
    );
  elsif o.status is not null then
    perform talkme.outbox_refuse(
      'outbox_finished_has_time',
      format('a row cannot be %s %s finished_at', o.status, case when o.finished_at is null then 'without' else 'with' end),
      'A row that is sent, failed, expired or cancelled has finished_at, others have none. talkme.retry, talkme.cancel and talkme.resolve write both.'
    );
  end if;
end
$$;

comment on function talkme.refuse_contradiction(talkme.outbox) is 'Refuses a row for what its status contradicts; one without a status is refused by the table';

-- Triggers run in the order of their names: it sees what those of customers have made of the row. One that comes after it all the
-- same is found out by what the settlement returns: 0020_hot_path.sql.
create trigger zzz_verify_outbox
  before update on talkme.outbox
  for each row execute function talkme.verify_outbox();

-- Of a replication.
create trigger verify_outbox_copy
  before insert on talkme.outbox
  for each row execute function talkme.verify_outbox();

alter table talkme.outbox
  enable always trigger zzz_verify_outbox,
  enable replica trigger verify_outbox_copy;
