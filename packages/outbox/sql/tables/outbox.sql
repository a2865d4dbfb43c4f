-- The outbox: one row is one message to one person. A producer inserts it, syncd sends it and marks it.
-- What the columns mean to a producer: docs/sql.md. How a row moves from state to state: docs/state-machine.md.
create table talkme.outbox (
  id            bigint      generated always as identity,

  -- Written by the producer.
  account       text        not null default 'default',
  id_campanha   bigint,
  id_wpp        bigint,
  numero_dest   text,
  email_dest    text,
  txtmsg        text,
  assunto       text,
  info_contato  jsonb,
  priority      smallint    not null default 0,
  send_at       timestamptz not null default now(),
  expires_at    timestamptz,
  dedupe_key    text,
  max_attempts  smallint,
  on_unknown    text,
  metadata      jsonb,
  batch_id      bigint,
  created_at    timestamptz not null default now(),

  -- Written by the daemon.
  status        text        not null default 'pending',
  attempts      integer     not null default 0,
  fence         integer     not null default 0,
  claim         bigint,
  retry_at      timestamptz,
  claimed_by    text,
  claimed_at    timestamptz,
  finished_at   timestamptz,
  http_status   smallint,
  reference     text,
  response      text,
  error_code    text,
  error         text,
  blanked_at    timestamptz,

  -- Derived: the queue that the row stands in, and when its turn comes.
  lane          text        collate "C" not null generated always as (
                              account || '/' || coalesce(id_campanha::text, '-') || '/' || coalesce(id_wpp::text, '-')
                            ) stored,
  due_at        timestamptz not null generated always as (greatest(send_at, retry_at)) stored,
  recipient_hash text,
  created_by    name        default talkme.caller(),
  -- A generated column, not one that a trigger fills in: neither disabled triggers nor replication switch it off, and it cannot be
  -- older than the number.
  recipient     text        generated always as (talkme.recipient_of_row(numero_dest, email_dest, recipient_hash)) stored,

  constraint outbox_pkey primary key (id)
) with (
  -- Each message leaves two dead versions of its row. By default autovacuum waits until they are a fifth of the table, which is
  -- years of history: docs/decisions/0015-when-the-outbox-is-vacuumed.md has the measurements.
  autovacuum_vacuum_scale_factor = 0.05
);

comment on table talkme.outbox is 'Messages to send through Talk.me: insert a row and syncd sends it';
comment on column talkme.outbox.id is 'Number of the message; the insert returns it';
comment on column talkme.outbox.account is 'Which configured Talk.me account sends it; credentials are never in the database';
comment on column talkme.outbox.id_campanha is 'Campaign created in Talk.me; it or id_wpp is needed';
comment on column talkme.outbox.id_wpp is 'Channel created in Talk.me; it or id_campanha is needed';
comment on column talkme.outbox.numero_dest is 'WhatsApp number of the recipient, DDD and number; it or email_dest is needed';
comment on column talkme.outbox.email_dest is 'E-mail address of the recipient, in e-mail campaigns';
comment on column talkme.outbox.txtmsg is 'Text; ignored on an official channel, where the approved template is sent';
comment on column talkme.outbox.assunto is 'Subject, in e-mail campaigns';
comment on column talkme.outbox.info_contato is 'The template''s variables as a JSON object of strings; null where the template has none';
comment on column talkme.outbox.priority is 'Smaller goes first within its campaign or channel';
comment on column talkme.outbox.send_at is 'Not sent before this time';
comment on column talkme.outbox.expires_at is 'Not sent after this time: the row becomes expired instead';
comment on column talkme.outbox.dedupe_key is 'Unique per account: a second row with the same key is refused, or skipped by ON CONFLICT DO NOTHING';
comment on column talkme.outbox.max_attempts is 'Overrides the daemon''s TALKME_MAX_ATTEMPTS';
comment on column talkme.outbox.on_unknown is 'hold or resend: what happens to a row that may have been sent; overrides TALKME_ON_UNKNOWN. resend may message a person twice';
comment on column talkme.outbox.metadata is 'The producer''s own data; never sent';
comment on column talkme.outbox.batch_id is 'The batch that it was brought in with, in talkme.batch; null for none';
comment on column talkme.outbox.created_at is 'When the inserting transaction began';
comment on column talkme.outbox.status is 'pending, sending, sent (Talk.me accepted it), failed, unknown (it may have been sent), expired or cancelled';
comment on column talkme.outbox.attempts is 'How many requests were made for it, except those that failed through no fault of the row';
comment on column talkme.outbox.fence is 'Counts the claims, and never shrinks: each attempt names its claim';
comment on column talkme.outbox.claim is 'With claimed_by, the name of the claim: an answer settles this claim only. Negative once settled; null while the row waits, or if it never left';
comment on column talkme.outbox.retry_at is 'Next try after a failure that provably sent nothing';
comment on column talkme.outbox.claimed_by is 'The instance of syncd that claimed the row last';
comment on column talkme.outbox.claimed_at is 'When that instance claimed it';
comment on column talkme.outbox.finished_at is 'When it became sent, failed, expired or cancelled';
comment on column talkme.outbox.http_status is 'HTTP status of the last answer';
comment on column talkme.outbox.reference is 'The identifier found in the answer of Talk.me';
comment on column talkme.outbox.response is 'The first 2 KB of the last answer';
comment on column talkme.outbox.error_code is 'Why it is not sent, as a stable code: see docs/errors.md';
comment on column talkme.outbox.error is 'Why it is not sent and what to do, in a sentence';
comment on column talkme.outbox.blanked_at is 'When its personal data was removed';
comment on column talkme.outbox.lane is 'Account, campaign and channel: rows of one lane never delay those of another';
comment on column talkme.outbox.due_at is 'The later of send_at and retry_at';
comment on column talkme.outbox.recipient_hash is 'What stands for the recipient once the row is blanked';
comment on column talkme.outbox.recipient is 'One name for the recipient, however numero_dest is spelt; a hash once the row is blanked';
comment on column talkme.outbox.created_by is 'The role that inserted it';

-- Every claim reads a range of this index: one lane, one priority, from the last claimed row to now.
create index outbox_ready on talkme.outbox (lane, priority, due_at, id) where status = 'pending';

-- Finds the rows of an instance that died. Not for the settle, whose condition must not imply this predicate: it would walk the
-- dead entries of all that was sent while an old snapshot is kept open.
create index outbox_in_flight on talkme.outbox (claimed_by) where status = 'sending';

-- What people ask about; sent rows, by far the most, are not in it.
create index outbox_attention on talkme.outbox (status, id)
  where status in ('failed', 'unknown', 'expired', 'cancelled');

create index outbox_expiring on talkme.outbox (expires_at) where status = 'pending' and expires_at is not null;

create unique index outbox_dedupe_key on talkme.outbox (account, dedupe_key) where dedupe_key is not null;

-- Rows with both a number and an address go by the number; suppression and erasure look for the address too.
create index outbox_address on talkme.outbox (talkme.address_key(email_dest)) where email_dest is not null;

create index outbox_recipient on talkme.outbox (recipient);

create index outbox_finished on talkme.outbox (finished_at) where finished_at is not null;

create index outbox_held on talkme.outbox (id)
  where status operator(pg_catalog.=) 'pending' and retry_at operator(pg_catalog.=) '9999-01-01 00:00:00+00';

-- Counts a batch by status without reading its rows; rows of no batch are not in it.
create index outbox_batch on talkme.outbox (batch_id, status, due_at) where batch_id is not null;

-- A producer sees the rows that it inserted, or that a role whose privileges it has inserted. For everybody else the condition is
-- true, and no part of any plan.
alter table talkme.outbox enable row level security;

create policy outbox_everybody on talkme.outbox to public using (true) with check (true);

create policy outbox_producer on talkme.outbox as restrictive for select to talkme_producer, talkme_marketing using (
  (select exists (
    select from pg_catalog.pg_roles
    where rolname in ('talkme_daemon', 'talkme_viewer', 'talkme_operator') and pg_catalog.pg_has_role(oid, 'usage')
  ))
  -- Evaluated once for the whole statement; raises no error for a role that is gone.
  or created_by = any (array(select rolname from pg_catalog.pg_roles where pg_catalog.pg_has_role(oid, 'usage')))
  -- What a SECURITY DEFINER function has just inserted for its caller, so that it learns the id. No more: whoever owns a
  -- function or trigger would otherwise read all rows of whoever happens to run it.
  or created_at = pg_catalog.now() and created_by = (select talkme.caller())
);

create policy outbox_marketing on talkme.outbox as restrictive for insert to talkme_marketing with check (
  (select exists (
    select from pg_catalog.pg_roles where rolname = 'talkme_producer' and pg_catalog.pg_has_role(oid, 'usage')
  ))
  or talkme.may_use_campaign(id_campanha)
);

comment on policy outbox_everybody on talkme.outbox is 'Grants decide what a role may do with the table';

comment on policy outbox_producer on talkme.outbox is
  'A role that is only a producer sees the rows inserted by itself or by a role that it is a member of';

comment on policy outbox_marketing on talkme.outbox is
  'A role that is only a member of talkme_marketing inserts for the campaigns that it was granted';

grant select on talkme.outbox to talkme_daemon, talkme_operator, talkme_producer, talkme_viewer;
grant insert (account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato, priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata, batch_id) on talkme.outbox to talkme_producer, talkme_marketing;
-- What an insert returns: talkme.messages shows the rest, without numbers.
grant select (id) on talkme.outbox to talkme_marketing;
grant update (status, attempts, fence, claim, retry_at, claimed_by, claimed_at, finished_at, http_status, reference, response, error_code, error) on talkme.outbox to talkme_daemon;
