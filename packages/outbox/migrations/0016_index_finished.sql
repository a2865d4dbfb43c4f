-- migrate: outside a transaction
drop index concurrently if exists talkme.outbox_finished;
create index concurrently outbox_finished on talkme.outbox (finished_at) where finished_at is not null;
