-- Who is sending. An instance that is silent for longer than its lease is dead.
create table talkme.instance (
  name          text        not null,
  version       text        not null,
  host          text        not null,
  pid           integer     not null,
  started_at    timestamptz not null default now(),
  heartbeat_at  timestamptz not null default now(),
  lease_seconds integer     not null,
  request_seconds integer   not null default 0,
  listening     boolean     not null default false,
  epoch         integer     not null default 0,
  durability    text        not null default 'local',
  era           uuid,
  recalled_at   timestamptz,
  beats         integer     not null default 0,
  is_witness    boolean     not null default true,
  accounts      text[],

  constraint instance_pkey primary key (name),
  constraint instance_durability_known check (durability in ('local', 'standby'))
);

comment on table talkme.instance is 'The running instances of syncd';
comment on column talkme.instance.name is 'As in claimed_by';
comment on column talkme.instance.version is 'Version of syncd';
comment on column talkme.instance.host is 'Host name of its machine or container';
comment on column talkme.instance.pid is 'Its process there';
comment on column talkme.instance.started_at is 'When it registered';
comment on column talkme.instance.heartbeat_at is 'Its last sign of life';
comment on column talkme.instance.lease_seconds is 'After a longer silence it is dead';
comment on column talkme.instance.request_seconds is 'How long one of its requests may take';
comment on column talkme.instance.listening is 'Whether it is idle and wants to be notified of inserts';
comment on column talkme.instance.epoch is 'Grows when a statement of the instance was lost: its earlier statements claim nothing any more';
comment on column talkme.instance.durability is 'Where its claims are on disk before a request is made: local, or standby, on a synchronous standby too';
comment on column talkme.instance.era is 'talkme.history.era as the instance has entered it: in another one it claims nothing';
comment on column talkme.instance.beats is 'Counts its heartbeats: the instance knows if a part of them was lost';
comment on column talkme.instance.is_witness is 'Whether it was registered while no change of talkme.history was open: it can tell whether the change has lost anything';
comment on column talkme.instance.accounts is 'The accounts that it is configured for; null if it has not said so';
comment on column talkme.instance.recalled_at is 'talkme.history.changed_at of the change after which it wrote down the claims that it remembers';

grant select on talkme.instance to talkme_operator, talkme_viewer;
grant select, insert, update, delete on talkme.instance to talkme_daemon;
