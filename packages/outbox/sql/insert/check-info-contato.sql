create or replace function talkme.check_info_contato(info jsonb) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  known constant text[] := talkme.known_variables();
  in_utf8  constant boolean := getdatabaseencoding() = 'UTF8';
  spelling record;
  variable record;
  unknown  text;
begin
  -- One expression accepts what breaks none of the rules below, as nearly all rows do: the loops took a quarter of an insert.
  -- In JSON text, every control character of ASCII but DEL stands behind a backslash.
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

  -- An accent may be a character of its own, as macOS writes it. Of two spellings that differ, the longer one stays and is unknown.
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

revoke execute on function talkme.check_info_contato(jsonb) from public;
