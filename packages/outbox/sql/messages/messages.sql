-- Runs with its owner's rights: whoever reads it may not read the table. As a barrier, no function in the reader's conditions sees a
-- row that the reader does not.
create or replace view talkme.messages with (security_barrier = true) as
select
  o.id, o.account, o.id_campanha, o.id_wpp, o.batch_id,
  talkme.mask_recipient(o.numero_dest) as numero_dest, talkme.mask_recipient(o.email_dest) as email_dest,
  o.priority, o.send_at, o.expires_at, o.on_unknown, o.created_at, o.created_by,
  o.status, o.attempts, o.fence, o.due_at, o.retry_at, o.claimed_by, o.claimed_at, o.finished_at,
  o.http_status, o.reference, o.error_code, talkme.hide_numbers(o.error) as error, o.blanked_at
from talkme.outbox as o
where
  -- Each is evaluated once for the whole statement.
  (select talkme.sees_every_row())
  or o.id_campanha = any ((select talkme.granted_campaigns())::bigint[])
  or o.created_by = any (array(select r.rolname from pg_catalog.pg_roles as r where pg_catalog.pg_has_role(r.oid, 'usage')));

comment on view talkme.messages is
  'The outbox for people who need not see whom: recipients are masked, variables and answers left out. talkme.reveal shows one';
comment on column talkme.messages.id is 'As in talkme.outbox';
comment on column talkme.messages.account is 'As in talkme.outbox';
comment on column talkme.messages.id_campanha is 'As in talkme.outbox';
comment on column talkme.messages.id_wpp is 'As in talkme.outbox';
comment on column talkme.messages.batch_id is 'As in talkme.outbox';
comment on column talkme.messages.numero_dest is 'The number by its DDD and last four digits';
comment on column talkme.messages.email_dest is 'The address by its first letter and domain';
comment on column talkme.messages.priority is 'As in talkme.outbox';
comment on column talkme.messages.send_at is 'As in talkme.outbox';
comment on column talkme.messages.expires_at is 'As in talkme.outbox';
comment on column talkme.messages.on_unknown is 'As in talkme.outbox';
comment on column talkme.messages.created_at is 'As in talkme.outbox';
comment on column talkme.messages.created_by is 'As in talkme.outbox';
comment on column talkme.messages.status is 'As in talkme.outbox';
comment on column talkme.messages.attempts is 'As in talkme.outbox';
comment on column talkme.messages.fence is 'As in talkme.outbox';
comment on column talkme.messages.due_at is 'As in talkme.outbox';
comment on column talkme.messages.retry_at is 'As in talkme.outbox';
comment on column talkme.messages.claimed_by is 'As in talkme.outbox';
comment on column talkme.messages.claimed_at is 'As in talkme.outbox';
comment on column talkme.messages.finished_at is 'As in talkme.outbox';
comment on column talkme.messages.http_status is 'As in talkme.outbox';
comment on column talkme.messages.reference is 'As in talkme.outbox';
comment on column talkme.messages.error_code is 'As in talkme.outbox';
comment on column talkme.messages.error is 'As in talkme.outbox, without numbers and addresses';
comment on column talkme.messages.blanked_at is 'As in talkme.outbox';

grant select on talkme.messages to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
