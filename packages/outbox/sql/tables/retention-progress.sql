create table talkme.retention_progress (
  action        text        not null,
  after         text        not null,
  includes      text[]      not null default '{}',
  excludes      text[]      not null default '{}',
  walked_to     timestamptz not null default '-infinity',
  walked_to_id  bigint      not null default 0,
  skipped_from  timestamptz,
  ended_at      timestamptz,

  constraint retention_progress_pkey primary key (action, after),
  constraint retention_progress_action_known check (action in ('delete', 'blank', 'attempt', 'gap_claim', 'list'))
);

comment on table talkme.retention_progress is
  'How far talkme.apply_retention has come. To start a part over from the oldest row of the outbox, delete its row';
comment on column talkme.retention_progress.action is
  'blank, delete: rows of the outbox; attempt: partitions of talkme.attempt; gap_claim: recipients in talkme.gap_claim; list: talkme.list';
comment on column talkme.retention_progress.after is 'How long after a row finished, as an ISO 8601 duration';
comment on column talkme.retention_progress.includes is 'Accounts, and campaigns as ACCOUNT/ID, for which this is set';
comment on column talkme.retention_progress.excludes is 'Campaigns of these accounts for which something else is set';
comment on column talkme.retention_progress.walked_to is 'All rows that finished before this have been looked at';
comment on column talkme.retention_progress.walked_to_id is 'Of those that finished at that very moment, all up to this id';
comment on column talkme.retention_progress.skipped_from is 'When the first of the rows that were locked had finished: the next pass begins there';
comment on column talkme.retention_progress.ended_at is 'When the last pass ended; null while one is under way';

grant select on talkme.retention_progress to talkme_operator, talkme_viewer;
