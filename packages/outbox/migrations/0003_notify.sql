-- Wakes an idle daemon at the commit of an insert. A notification in every insert would serialise all commits of
-- the database (they take one global lock), so there is none while every instance is busy: it looks by itself.

-- Every notification is made here. None while the server's queue, which all of its databases share, is half full: a notification that
-- finds it full fails the transaction at its commit. Nor where the session says so, because a transaction that has notified cannot be
-- prepared. The row is found all the same, by the next look.
create function talkme.notify_daemon(channel text default 'talkme_outbox') returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if lower(current_setting('talkme.notify', true)) in ('off', 'false', 'no', '0') or pg_notification_queue_usage() >= 0.5 then
    return false;
  end if;
  perform pg_notify(channel, '');
  return true;
end
$$;

comment on function talkme.notify_daemon(text) is
  'Notifies a channel, unless the session has set talkme.notify to off or the server''s queue of notifications is half full; whether it did';

revoke execute on function talkme.notify_daemon(text) from public;

create function talkme.notify_outbox() returns trigger
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

create trigger notify_outbox
  after insert on talkme.outbox
  for each statement execute function talkme.notify_outbox();
