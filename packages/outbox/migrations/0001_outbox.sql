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

  constraint outbox_pkey primary key (id)
) with (
  -- Each message leaves two dead versions of its row. By default they are cleaned away when they are a fifth of the table, which
  -- is years of history: docs/decisions/0015-when-the-outbox-is-vacuumed.md has what was measured.
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
comment on column talkme.outbox.on_unknown is 'hold or resend: what becomes of a row that may have been sent; overrides TALKME_ON_UNKNOWN. resend may message a person twice';
comment on column talkme.outbox.metadata is 'The producer''s own; never sent';
comment on column talkme.outbox.created_at is 'When the inserting transaction began';
comment on column talkme.outbox.status is 'pending, sending, sent (Talk.me accepted it), failed, unknown (it may have been sent), expired or cancelled';
comment on column talkme.outbox.attempts is 'How many requests were made for it, without those that failed through no fault of the row';
comment on column talkme.outbox.fence is 'Counts the claims, and never shrinks: each attempt names the one that it belongs to';
comment on column talkme.outbox.claim is 'With claimed_by, the name of the claim: an answer settles this claim only. Negative once it is settled; null where the row waits, or never left';
comment on column talkme.outbox.retry_at is 'Next try after a failure that provably sent nothing';
comment on column talkme.outbox.claimed_by is 'The instance of syncd that holds or last held the row';
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

-- Every claim reads a range of this index: one lane, one priority, from the last claimed row to now.
create index outbox_ready on talkme.outbox (lane, priority, due_at, id) where status = 'pending';

-- Finds the rows of an instance that died. Not for the settle, whose condition must not imply this predicate:
-- it would walk the dead entries of all that was sent while some old transaction stays open.
create index outbox_in_flight on talkme.outbox (claimed_by) where status = 'sending';

-- What people ask about; rows that were sent, by far the most, are not in it.
create index outbox_attention on talkme.outbox (status, id)
  where status in ('failed', 'unknown', 'expired', 'cancelled');

create index outbox_expiring on talkme.outbox (expires_at) where status = 'pending' and expires_at is not null;

create unique index outbox_dedupe_key on talkme.outbox (account, dedupe_key) where dedupe_key is not null;


-- One row for each HTTP attempt, in monthly partitions, so that old ones can be dropped at no cost.
create table talkme.attempt (
  outbox_id     bigint      not null,
  attempt       integer     not null,
  account       text        not null,
  action        text        not null,
  started_at    timestamptz not null,
  duration_ms   integer     not null,
  outcome       text        not null,
  http_status   smallint,
  reference     text,
  error_code    text,
  error         text,
  instance      text        not null,
  claim         bigint,

  constraint attempt_pkey primary key (outbox_id, attempt, started_at),
  constraint attempt_outcome_known check (outcome in ('accepted', 'rejected', 'not_sent', 'unknown'))
) partition by range (started_at);

comment on table talkme.attempt is 'Every request that syncd made to Talk.me, and what came of it';
comment on column talkme.attempt.outbox_id is 'The row of talkme.outbox';
comment on column talkme.attempt.attempt is 'The fence of the claim that it belongs to';
comment on column talkme.attempt.account is 'The Talk.me account that it was made for';
comment on column talkme.attempt.action is 'simples (GET, without variables) or v2 (POST, with variables)';
comment on column talkme.attempt.started_at is 'When the request began, by the database''s clock';
comment on column talkme.attempt.duration_ms is 'How long it took';
comment on column talkme.attempt.outcome is 'accepted, rejected, not_sent (safe to retry) or unknown (it may have been sent)';
comment on column talkme.attempt.http_status is 'HTTP status of the answer, if there was one';
comment on column talkme.attempt.reference is 'The identifier found in the answer';
comment on column talkme.attempt.error_code is 'A stable code: see docs/errors.md';
comment on column talkme.attempt.error is 'What went wrong, in a sentence';
comment on column talkme.attempt.instance is 'The instance of syncd that made it';
comment on column talkme.attempt.claim is 'The number that this instance gave to the claim: the row with this id may be another one by now';

-- Catches what no month's partition takes, so that a missing partition never stops the daemon; its rows move to the
-- month's partition when that is created.
create table talkme.attempt_default partition of talkme.attempt default;

create function talkme.create_attempt_partitions(months_ahead integer) returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
-- A partition's bounds are written as text and read again.
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $$
declare
  created    integer := 0;
  month      timestamptz;
  next_month timestamptz;
  name       text;
begin
  -- Each is a table: who may call this could fill the catalogs.
  if months_ahead is null or months_ahead not between 0 and 24 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('talkme.create_attempt_partitions cannot create partitions for %s months ahead', coalesce(months_ahead::text, 'null')),
      hint = 'Give a number from 0 to 24; syncd asks for 3.';
  end if;
  -- Several instances do it at the same hour; whoever comes second finds it done.
  perform pg_advisory_xact_lock(hashtext('talkme.create_attempt_partitions'));
  for month in
    select generate_series(
      date_trunc('month', now() at time zone 'UTC'),
      date_trunc('month', now() at time zone 'UTC') + make_interval(months => months_ahead),
      interval '1 month'
    ) at time zone 'UTC'
  loop
    name := 'attempt_' || to_char(month at time zone 'UTC', 'YYYY_MM');
    if to_regclass('talkme.' || quote_ident(name)) is null then
      next_month := ((month at time zone 'UTC') + interval '1 month') at time zone 'UTC';
      execute format('create table talkme.%I (like talkme.attempt including constraints)', name);
      -- Whatever the owner grants by default.
      execute format('revoke all on talkme.%I from public', name);
      execute format(
        'with late as (delete from talkme.attempt_default where started_at >= %L and started_at < %L returning *) '
        'insert into talkme.%I select * from late',
        month, next_month, name
      );
      execute format(
        'alter table talkme.attempt attach partition talkme.%I for values from (%L) to (%L)',
        name, month, next_month
      );
      created := created + 1;
    end if;
  end loop;
  return created;
end
$$;

comment on function talkme.create_attempt_partitions(integer) is
  'Creates the monthly partitions of talkme.attempt from this month to so many months ahead, where missing; returns how many';

revoke execute on function talkme.create_attempt_partitions(integer) from public;

select talkme.create_attempt_partitions(3);


-- Who is sending. An instance that is silent for longer than its lease is dead.
create table talkme.instance (
  name          text        not null,
  version       text        not null,
  host          text        not null,
  pid           integer     not null,
  started_at    timestamptz not null default now(),
  heartbeat_at  timestamptz not null default now(),
  lease_seconds integer     not null,
  listening     boolean     not null default false,

  constraint instance_pkey primary key (name)
);

comment on table talkme.instance is 'The running instances of syncd';
comment on column talkme.instance.name is 'As in claimed_by';
comment on column talkme.instance.version is 'Version of syncd';
comment on column talkme.instance.host is 'Host name of its machine or container';
comment on column talkme.instance.pid is 'Its process there';
comment on column talkme.instance.started_at is 'When it registered';
comment on column talkme.instance.heartbeat_at is 'Its last sign of life';
comment on column talkme.instance.lease_seconds is 'Silent for longer than this, it is dead';
comment on column talkme.instance.listening is 'It is idle and wants to be notified of inserts';
