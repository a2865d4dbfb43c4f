-- Capture: rows of the customer's own tables become messages, in their own transactions. How to use it: docs/sql.md.
--
-- A capture is a trigger and three functions in the schema of the table, and they belong to the table's owner:
--
--   talkme_capture_NAME_when(row)         whether a row is meant
--   talkme_capture_NAME_map(row, entry)   the values of the outbox's columns; with an entry, that one alone
--   talkme_capture_NAME()                 the trigger's function, SECURITY DEFINER
--
-- So expressions run with the rights of whoever owns the table, never with those of the schema talkme; the application that
-- changes the table needs no right here. The table's owner has to be a producer, or nobody could say who let the messages out.
-- The functions are not in the schema talkme: whoever may create functions there could give one of ours a better match for its
-- arguments, and act as the schema's owner.
--
-- The first two have SQL-standard bodies: names are resolved once, at creation; PostgreSQL follows a renamed column and
-- refuses to drop a used one, as it does for a view.
create or replace function talkme.capture(
  source regclass, "when" text, map jsonb, name text default null, events text default 'insert or update',
  each_time boolean default false, on_error text default 'block', replace boolean default false,
  print boolean default false
) returns text
language sql
return talkme.define_capture(
  pg_catalog.current_setting('search_path'), source, "when", map, name, events, each_time, on_error, replace, print
);

comment on function talkme.capture(regclass, text, jsonb, text, text, boolean, text, boolean, boolean) is
  'Makes a message of each row of your table that comes to meet a condition, in the same transaction; print => true shows what it would create';

revoke execute on function talkme.capture(regclass, text, jsonb, text, text, boolean, text, boolean, boolean) from public;
grant execute on function talkme.capture(regclass, text, jsonb, text, text, boolean, text, boolean, boolean) to talkme_producer;
