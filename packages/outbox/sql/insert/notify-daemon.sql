-- Makes every notification, but none while the queue that all databases of the server share is half full: a transaction that
-- finds it full fails at its commit. None either where the session says so, because a transaction that has notified cannot be
-- prepared. The next look finds the row anyway. Sets no search_path, which would take longer than all the rest: every name is
-- PostgreSQL's, with its schema.
create or replace function talkme.notify_daemon(channel text default 'talkme_outbox') returns boolean
language plpgsql
as $$
begin
  if pg_catalog.lower(pg_catalog.current_setting('talkme.notify', true)) operator(pg_catalog.=) any ('{off,false,no,0}')
    or pg_catalog.pg_notification_queue_usage() operator(pg_catalog.>=) 0.5::pg_catalog.float8
  then
    return false;
  end if;
  -- pg_notify returns void, which is not null. An expression starts no statement, as perform would.
  return pg_catalog.pg_notify(channel, '')::pg_catalog.text is not null;
end
$$;

comment on function talkme.notify_daemon(text) is
  'Notifies a channel, unless the session has set talkme.notify to off or the server''s queue of notifications is half full; returns whether it did';

revoke execute on function talkme.notify_daemon(text) from public;
grant execute on function talkme.notify_daemon(text) to talkme_daemon;
