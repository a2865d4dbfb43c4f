-- A list that a person brings in is kept as it was read until it is sent: whoever sends it sees every line, and why a bad one is
-- bad, before anything goes out. It holds personal data, so it goes after 30 days, and a forgotten person's lines at once.
create table talkme.list (
  id            bigint      generated always as identity,
  name          text        not null,
  content_hash  text        not null,
  columns       text[]      not null,
  complete      boolean     not null default false,
  message       jsonb,
  checked_at    timestamptz,
  batch_id      bigint,
  created_by    name        not null default talkme.caller(),
  created_at    timestamptz not null default now(),

  constraint list_pkey primary key (id),
  constraint list_name_given check (name ~ '[^[:space:]]' and length(name) <= 200),
  constraint list_content_hash_format check (content_hash ~ '^[0-9a-f]{64}$'),
  constraint list_columns_number check (cardinality(columns) between 1 and 100)
);

comment on table talkme.list is
  'Lists of recipients that people brought in as files, before and after they were sent as a batch. Kept for 30 days';
comment on column talkme.list.id is 'Number of the list';
comment on column talkme.list.name is 'Name of the file';
comment on column talkme.list.content_hash is 'SHA-256 of the file, so that the same file is noticed when it comes twice';
comment on column talkme.list.columns is 'The headings of the file';
comment on column talkme.list.complete is 'Whether all lines have been read: before that nothing can be sent';
comment on column talkme.list.message is 'How a line becomes a message, as talkme.map_list took it; null until somebody says so';
comment on column talkme.list.checked_at is 'When its lines were checked; null if something has changed since';
comment on column talkme.list.batch_id is 'The batch as which it was sent; null as long as it was not';
comment on column talkme.list.created_by is 'Who brought it in: a producer sees and uses its own lists only';
comment on column talkme.list.created_at is 'When it was brought in';

create index list_content on talkme.list (content_hash);

alter table talkme.list enable row level security;

create policy list_everybody on talkme.list to public using (true);

create policy list_producer on talkme.list as restrictive for select to talkme_producer, talkme_marketing using (
  (select exists (
    select from pg_catalog.pg_roles
    where rolname in ('talkme_viewer', 'talkme_operator') and pg_catalog.pg_has_role(oid, 'usage')
  ))
  or created_by = any (array(select rolname from pg_catalog.pg_roles where pg_catalog.pg_has_role(oid, 'usage')))
);

comment on policy list_everybody on talkme.list is 'Grants decide what a role may do with the table';

comment on policy list_producer on talkme.list is
  'A role that is only a producer, or of marketing, sees the lists brought in by itself or by a role that it is a member of';

grant select on talkme.list to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
