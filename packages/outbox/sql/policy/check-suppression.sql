-- For those who write the table by hand, load a list into it or replicate one: it fires always, and where it is off, the table
-- takes nothing but keys. What is a key already stays: bare digits that begin with
-- another country's code are not read as a Brazilian number.
create or replace function talkme.check_suppression() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.recipient ~ '^[?]' or new.recipient is distinct from talkme.number_key('+' || new.recipient) then
    new.recipient := talkme.parse_recipient(new.recipient);
  end if;
  return new;
end
$$;

comment on function talkme.check_suppression() is
  'Puts a suppressed recipient into the form that rows are compared by, or refuses it';

revoke execute on function talkme.check_suppression() from public;

create or replace trigger check_suppression before insert or update of recipient on talkme.suppression
for each row execute function talkme.check_suppression();

alter table talkme.suppression enable always trigger check_suppression;
