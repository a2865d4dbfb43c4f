create table talkme.capture_error (
  id            bigint      generated always as identity,
  at            timestamptz not null default now(),
  capture       text        not null,
  source        text        not null,
  event         text        not null,
  key           jsonb,
  entry         text,
  sqlstate      text        not null,
  rule          text,
  message       text        not null,
  hint          text        not null,
  written_by    name        not null default talkme.caller(),

  constraint capture_error_pkey primary key (id)
);

comment on table talkme.capture_error is 'Rows that a capture with on_error => ''record'' could not turn into a message: nothing was sent for them';
comment on column talkme.capture_error.id is 'Number of the entry';
comment on column talkme.capture_error.at is 'When the transaction began';
comment on column talkme.capture_error.capture is 'Name of the capture';
comment on column talkme.capture_error.source is 'The customer''s table, or its partition';
comment on column talkme.capture_error.event is 'INSERT or UPDATE';
comment on column talkme.capture_error.key is 'Primary key of their row; without columns that give the recipient';
comment on column talkme.capture_error.entry is 'The entry of the map that failed, or when; null if the outbox refused the row as a whole';
comment on column talkme.capture_error.sqlstate is 'The SQLSTATE';
comment on column talkme.capture_error.rule is 'The constraint, where there is one';
comment on column talkme.capture_error.message is 'What went wrong; values are left out';
comment on column talkme.capture_error.hint is 'What to do';
comment on column talkme.capture_error.written_by is 'Who changed the captured row, or called record_capture_error, as the owner of its table may';

create index capture_error_capture on talkme.capture_error (capture, at);

alter table talkme.capture_error enable row level security;

create policy capture_error_everybody on talkme.capture_error to public using (true) with check (true);

create policy capture_error_producer on talkme.capture_error as restrictive for insert to talkme_producer
with check (talkme.may_record(capture, current_user));

comment on policy capture_error_everybody on talkme.capture_error is 'Grants decide what a role may do with the table';

comment on policy capture_error_producer on talkme.capture_error is 'A producer reports the errors of its own captures';

grant select on talkme.capture_error to talkme_operator, talkme_viewer;
grant insert (capture, source, event, key, entry, sqlstate, rule, message, hint) on talkme.capture_error to talkme_producer;
