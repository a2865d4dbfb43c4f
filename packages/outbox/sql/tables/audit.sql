-- Who did what with the functions by which people change rows and settings.
create table talkme.audit (
  id            bigint      generated always as identity,
  at            timestamptz not null default now(),
  who           name        not null default talkme.caller(),
  action        text        not null,
  about         jsonb       not null,
  rows          bigint      not null,
  reason        text,

  constraint audit_pkey primary key (id)
);

comment on table talkme.audit is 'What people did with the functions of this schema and the settings: who, when, to how many rows, and why';
comment on column talkme.audit.id is 'Number of the entry';
comment on column talkme.audit.at is 'When the transaction began';
comment on column talkme.audit.who is 'The role that called the function';
comment on column talkme.audit.action is 'The function: cancel, retry, resolve, pause, resume, suppress, unsuppress, forget and so on; update_campaign and the like where a setting was written by hand';
comment on column talkme.audit.about is 'What it was called for: the id, the scope, the filter or the setting, before and after. Never a telephone number or an address';
comment on column talkme.audit.rows is 'How many rows it changed';
comment on column talkme.audit.reason is 'Why, in the words of whoever called it; telephone numbers and addresses are hidden';

create index audit_at on talkme.audit (at);

grant select on talkme.audit to talkme_operator, talkme_viewer;
