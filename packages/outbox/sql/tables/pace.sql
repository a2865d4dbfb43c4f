create table talkme.pace (
  scope        text        not null,
  next_at      timestamptz not null,

  constraint pace_pkey primary key (scope)
) with (fillfactor = 50);

comment on table talkme.pace is 'The rate of all instances together: each reserves the times at which it may send';
comment on column talkme.pace.scope is 'account:NAME, campaign:ID or channel:ID';
comment on column talkme.pace.next_at is 'The first time that is still free';

grant select on talkme.pace to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.pace to talkme_daemon;
