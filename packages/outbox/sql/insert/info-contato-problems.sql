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
    return next talkme.problem_of(
      'outbox_info_contato_object', 'info_contato', jsonb_build_object('type', jsonb_typeof(plain_info))
    );
    return;
  end if;

  return query
  select p.*
  from (values ('endereço', 'endereco'), ('país', 'pais')) as s (accented, plain)
  cross join talkme.problem_of(
    'outbox_info_contato_spelling', 'info_contato.' || s.accented, jsonb_build_object('plain', s.plain, 'accented', s.accented)
  ) as p
  where plain_info ? s.accented;

  return query
  select p.*
  from (
    select string_agg(key, ', ' order by key) as keys
    from jsonb_object_keys(plain_info) as key
    where key <> all (known || '{endereço,país}')
  ) as stranger
  cross join talkme.problem_of(
    'outbox_info_contato_known', 'info_contato',
    jsonb_build_object('unknown', stranger.keys, 'known', array_to_string(known, ', '))
  ) as p
  where stranger.keys is not null;

  return query
  select p.*
  from (
    select key, broken.*
    from jsonb_each(plain_info)
    cross join lateral (select jsonb_typeof(value) as type, value #>> '{}' as text) as variable
    cross join lateral (values
      (
        case when type <> 'string' then 'outbox_info_contato_strings' end, jsonb_build_object('type', type)
      ),
      (
        case when type = 'string' and text ~ refused then 'outbox_info_contato_whitespace' end,
        jsonb_build_object('found', case
          when text ~ E'[\n\r]' then 'line_break'
          when text ~ E'\t' then 'tab'
          when in_utf8 and text ~ E'[\\u2028\\u2029]' then 'line_separator'
          when text ~ '     ' then 'spaces'
          else 'control'
        end)
      ),
      (
        case when type = 'string' and length(text) > 1024 then 'outbox_info_contato_length' end,
        jsonb_build_object('characters', length(text))
      )
    ) as broken (code, about)
  ) as v
  cross join talkme.problem_of(
    v.code, 'info_contato.' || v.key, v.about || jsonb_build_object('variable', v.key)
  ) as p
  where v.code is not null;
end
$$;

comment on function talkme.info_contato_problems(jsonb) is
  'What is wrong with variables that talkme.plain_info_contato has returned; names them, and never shows a value';

revoke execute on function talkme.info_contato_problems(jsonb) from public;
