create table talkme.list_line (
  list_id       bigint      not null,
  line          integer     not null,
  cells         text[]      not null,
  recipient     text,
  codes         text[],
  left_out      boolean     not null default false,

  constraint list_line_pkey primary key (list_id, line),
  constraint list_line_list foreign key (list_id) references talkme.list (id) on delete cascade
);

comment on table talkme.list_line is 'The lines of talkme.list, cell by cell';
comment on column talkme.list_line.list_id is 'The list';
comment on column talkme.list_line.line is 'Number of the line in the file, where the line begins; headings are line 1';
comment on column talkme.list_line.cells is 'What stands in its columns';
comment on column talkme.list_line.recipient is 'Whom its message would go to, as in talkme.outbox; null until it is checked';
comment on column talkme.list_line.codes is 'Why it cannot be sent, as in talkme.problems; empty if it can, null until it is checked';
comment on column talkme.list_line.left_out is 'Whether a person took it out of the list';

grant select on talkme.list_line to talkme_operator, talkme_viewer;
