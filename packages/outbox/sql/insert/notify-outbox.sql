-- Wakes an idle daemon at the commit of an insert. A notification in every insert would serialise all commits of
-- the database (they take one global lock), so none is sent while every instance is busy: those look on their own.
create or replace function talkme.notify_outbox() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select from talkme.instance where listening) then
    perform talkme.notify_daemon();
  end if;
  return null;
end
$$;

comment on function talkme.notify_outbox() is 'Notifies the channel talkme_outbox if an instance of syncd is idle and listening';

revoke execute on function talkme.notify_outbox() from public;

create or replace trigger notify_outbox
  after insert on talkme.outbox
  for each statement execute function talkme.notify_outbox();
