create or replace function talkme.capture_expression(entry text, value jsonb) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case jsonb_typeof(value)
    when 'string' then value #>> '{}'
    when 'number' then value #>> '{}'
    when 'boolean' then value #>> '{}'
    when 'object' then case
      when value - 'value' <> '{}' or jsonb_typeof(value -> 'value') = 'null' then null
      when entry = 'metadata' or entry = 'info_contato' and jsonb_typeof(value -> 'value') = 'object'
        then quote_literal((value -> 'value')::text)
      when entry <> 'info_contato' and jsonb_typeof(value -> 'value') in ('string', 'number', 'boolean')
        then quote_literal(value ->> 'value')
    end
  end;
end;

comment on function talkme.capture_expression(text, jsonb) is 'The SQL expression that an entry of a map stands for; null if it is none';

revoke execute on function talkme.capture_expression(text, jsonb) from public;
grant execute on function talkme.capture_expression(text, jsonb) to talkme_producer;
