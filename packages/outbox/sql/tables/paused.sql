create table talkme.paused (
  scope         text        not null,
  reason        text        not null,
  paused_by     name        not null default talkme.caller(),
  paused_at     timestamptz not null default now(),

  constraint paused_pkey primary key (scope),
  constraint paused_scope_known check (talkme.scope_parts(scope) is not null)
);

comment on table talkme.paused is 'What talkme.pause has stopped: none of its rows is claimed until talkme.resume';
comment on column talkme.paused.scope is 'all, account:NAME, campaign:ID, channel:ID or batch:ID';
comment on column talkme.paused.reason is 'Why, in the words of whoever paused it';
comment on column talkme.paused.paused_by is 'Who paused it';
comment on column talkme.paused.paused_at is 'Since when';

grant select on talkme.paused to talkme_daemon, talkme_operator, talkme_viewer, talkme_marketing, talkme_producer;
