-- The database in which the marks of talkme.outbox were made. A failover, a restore or a copy may have lost some of them: then the
-- server is another one or has another timeline, and nothing is claimed until somebody acknowledges it. The first registration
-- of an instance writes the row: docs/decisions/0020-the-guard-of-history.md.
create table talkme.history (
  singleton         boolean     not null default true,
  system_identifier bigint,
  timeline          text,
  era               uuid,
  previous_era      uuid,
  complete          boolean     not null default false,
  acknowledged_at   timestamptz not null default now(),
  acknowledged_by   name        not null default talkme.caller(),
  reason            text        not null,
  claim_durability  text        not null default 'local',
  local_gone_at     timestamptz,
  server_started_at timestamptz not null,
  changed_at        timestamptz,
  changed_system_identifier bigint,
  changed_timeline  text,
  lease_seconds     integer,
  request_seconds   integer,
  missing_claims    bigint      not null default 0,
  witnessed         boolean     not null default false,
  last_changed_at   timestamptz,

  constraint history_pkey primary key (singleton),
  constraint history_singleton check (singleton),
  constraint history_claim_durability_known check (claim_durability in ('local', 'standby'))
);

comment on table talkme.history is 'Which database the messages were marked in, as acknowledged; after a change nothing is sent until somebody acknowledges it';
comment on column talkme.history.singleton is 'There is one row';
comment on column talkme.history.system_identifier is 'Of the server, from its initdb; null where it could not be read';
comment on column talkme.history.timeline is 'Of its write-ahead log, as in the names of its files; null where it could not be read';
comment on column talkme.history.era is 'Names what was claimed since the last change was acknowledged; null before the first one';
comment on column talkme.history.previous_era is 'The era before it';
comment on column talkme.history.complete is 'Whether no claim of the previous era was lost: a standby had confirmed them all';
comment on column talkme.history.acknowledged_at is 'When it was acknowledged, or first written';
comment on column talkme.history.acknowledged_by is 'The role that did so: of a person, or of syncd';
comment on column talkme.history.reason is 'Why, in the words of whoever acknowledged it';
comment on column talkme.history.claim_durability is 'standby: a standby confirms every claim, and an instance with TALKME_CLAIM_DURABILITY=local claims nothing. local: some may be unconfirmed';
comment on column talkme.history.local_gone_at is 'Since when no instance with TALKME_CLAIM_DURABILITY=local is registered';
comment on column talkme.history.server_started_at is 'When the server started that was compared last; another start is compared before anything is claimed';
comment on column talkme.history.changed_at is 'When an instance noticed that the database is another one, and nobody has acknowledged it yet; else null';
comment on column talkme.history.changed_system_identifier is 'What it is now';
comment on column talkme.history.changed_timeline is 'What it is now';
comment on column talkme.history.lease_seconds is 'The longest lease of the instances that were registered then: after it, they begin nothing that they claimed before';
comment on column talkme.history.request_seconds is 'The longest request of these: by then, whatever they had begun has ended';
comment on column talkme.history.missing_claims is 'Claims that living instances remember and the database has lost';
comment on column talkme.history.witnessed is 'Whether an instance that lived through the change has found its heartbeats in the database, but for those of a lease at most';
comment on column talkme.history.last_changed_at is 'When the last change that was acknowledged had been noticed';

grant select on talkme.history to talkme_daemon, talkme_operator, talkme_viewer;
