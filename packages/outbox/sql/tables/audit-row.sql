-- One entry of talkme.audit may be about a million rows, and people ask what was done with one of them.
create table talkme.audit_row (
  outbox_id     bigint      not null,
  audit_id      bigint      not null,

  constraint audit_row_pkey primary key (outbox_id, audit_id)
);

comment on table talkme.audit_row is 'Which rows the entries of talkme.audit are about that act on rows; talkme.history shows them';
comment on column talkme.audit_row.outbox_id is 'The row of talkme.outbox, which may have been deleted';
comment on column talkme.audit_row.audit_id is 'The entry of talkme.audit';

grant select on talkme.audit_row to talkme_operator, talkme_viewer;
