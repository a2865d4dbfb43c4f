-- migrate: outside a transaction
-- Whatever an interrupted try has left is of no use: it is not valid.
drop index concurrently if exists talkme.outbox_recipient;
create index concurrently outbox_recipient on talkme.outbox (recipient);
