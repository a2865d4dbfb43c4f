-- The rules for variables, told once: the insert raises the first that is broken, talkme.problems returns all.
create or replace function talkme.info_contato_problems(plain_info jsonb) returns setof talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  known   constant text[] := talkme.known_variables();
  in_utf8 constant boolean := getdatabaseencoding() = 'UTF8';
  refused constant text := case when in_utf8 then E'[\\u0001-\\u001f\\u007f-\\u009f\\u2028\\u2029]|     ' else E'[\\u0001-\\u001f\\u007f]|     ' end;
begin
  if jsonb_typeof(plain_info) <> 'object' then
    return next (
      'outbox_info_contato_object', 'info_contato',
      format('info_contato is a JSON %s, not an object', jsonb_typeof(plain_info)),
      'Write an object of strings, such as {"nome":"Fulano de tal","geral1":"R$ 10,00"}, or null for a template without variables.'
    )::talkme.problem;
    return;
  end if;

  return query
  select
    'outbox_info_contato_spelling', 'info_contato.' || s.accented,
    format('info_contato has both %s and %s, with different values', s.plain, s.accented),
    'They are one variable: keep one of them.'
  from (values ('endereço', 'endereco'), ('país', 'pais')) as s (accented, plain)
  where plain_info ? s.accented;

  return query
  select
    'outbox_info_contato_known', 'info_contato',
    format('info_contato has variables that Talk.me does not know: %s', string_agg(key, ', ' order by key)),
    format('It knows %s.', array_to_string(known, ', '))
  from jsonb_object_keys(plain_info) as key
  where key <> all (known || '{endereço,país}')
  having count(*) > 0;

  return query
  select v.code, 'info_contato.' || v.key, v.complaint, v.remedy
  from (
    select
      key, broken.*
    from jsonb_each(plain_info)
    cross join lateral (select jsonb_typeof(value) as type, value #>> '{}' as text) as variable
    cross join lateral (values
      (
        case when type <> 'string' then 'outbox_info_contato_strings' end,
        format('info_contato.%s is a JSON %s, not a string', key, type),
        'Put the value in double quotes, or leave the variable out.'
      ),
      (
        case when type = 'string' and text ~ refused then 'outbox_info_contato_whitespace' end,
        format('info_contato.%s contains %s', key, case
          when text ~ E'[\n\r]' then 'a line break'
          when text ~ E'\t' then 'a tab'
          when in_utf8 and text ~ E'[\\u2028\\u2029]' then 'a line separator'
          when text ~ '     ' then 'a run of more than four spaces'
          else 'a control character'
        end),
        'WhatsApp refuses these in a template''s variables: write the value in one line, with single spaces.'
      ),
      (
        case when type = 'string' and length(text) > 1024 then 'outbox_info_contato_length' end,
        format('info_contato.%s has %s characters', key, length(text)),
        'The whole text of a WhatsApp template holds 1024.'
      )
    ) as broken (code, complaint, remedy)
  ) as v
  where v.code is not null;
end
$$;

comment on function talkme.info_contato_problems(jsonb) is
  'What is wrong with variables that talkme.plain_info_contato has returned; names them, and never shows a value';

revoke execute on function talkme.info_contato_problems(jsonb) from public;
