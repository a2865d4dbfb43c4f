-- migrate: outside a transaction
drop index concurrently if exists talkme.outbox_held;
create index concurrently outbox_held on talkme.outbox (id)
  where status operator(pg_catalog.=) 'pending' and retry_at operator(pg_catalog.=) '9999-01-01 00:00:00+00';
