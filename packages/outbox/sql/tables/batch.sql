-- Rows that were brought in together name their batch in talkme.outbox.batch_id. No foreign key: its triggers would run at each
-- claim and settlement. guard_outbox checks the number.
create table talkme.batch (
  id            bigint      generated always as identity,
  name          text        not null,
  expected_rows integer,
  created_by    name        not null default talkme.caller(),
  created_at    timestamptz not null default now(),

  constraint batch_pkey primary key (id),
  constraint batch_name_given check (name ~ '[^[:space:]]' and length(name) <= 200),
  constraint batch_expected_rows_positive check (expected_rows > 0)
);

comment on table talkme.batch is 'Lists and imports: rows of talkme.outbox that were brought in together. talkme.batches shows what became of them';
comment on column talkme.batch.id is 'As in talkme.outbox.batch_id; batch:ID is a scope of talkme.pause and talkme.resume';
comment on column talkme.batch.name is 'For people; no personal data';
comment on column talkme.batch.expected_rows is 'How many rows it is meant to have: up to so many are no accident, whatever burst_limit says; null: burst_limit decides';
comment on column talkme.batch.created_by is 'Who created it: a producer sees and uses its own batches only';
comment on column talkme.batch.created_at is 'When it was created';

alter table talkme.batch enable row level security;

create policy batch_everybody on talkme.batch to public using (true) with check (true);

create policy batch_producer on talkme.batch as restrictive for select to talkme_producer, talkme_marketing using (
  (select exists (
    select from pg_catalog.pg_roles
    where rolname in ('talkme_daemon', 'talkme_viewer', 'talkme_operator') and pg_catalog.pg_has_role(oid, 'usage')
  ))
  or created_by = any (array(select rolname from pg_catalog.pg_roles where pg_catalog.pg_has_role(oid, 'usage')))
  -- As for talkme.outbox: what a SECURITY DEFINER function has just made for its caller, and no more.
  or created_at = pg_catalog.now() and created_by = (select talkme.caller())
);

comment on policy batch_everybody on talkme.batch is 'Grants decide what a role may do with the table';

comment on policy batch_producer on talkme.batch is
  'A role that is only a producer sees the batches created by itself or by a role that it is a member of';

grant select on talkme.batch to talkme_daemon, talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
grant insert (name, expected_rows) on talkme.batch to talkme_producer, talkme_marketing;
