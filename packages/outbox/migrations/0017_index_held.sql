-- migrate: outside a transaction
drop index concurrently if exists talkme.outbox_held;
create index concurrently outbox_held on talkme.outbox (id)
  where status = 'pending' and retry_at = '9999-01-01 00:00:00+00';
