-- An answer of the API, or somebody's reason, may quote a number.
create or replace function talkme.hide_numbers(text text) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select regexp_replace(
    regexp_replace(text, E'[^\\s@]+@[^\\s@]+', '(address)', 'g'),
    -- Eight digits or more, however they are separated, that do not begin with a date.
    E'(?:[+]|[(]\\d\\d[)] ?|\\y)(?!\\d{4}-\\d\\d-\\d\\d)\\d(?:[ ().-]{0,2}\\d){7,}', '(number)', 'g'
  );
end;

comment on function talkme.hide_numbers(text) is 'A text without its telephone numbers and addresses';

revoke execute on function talkme.hide_numbers(text) from public;
