-- Sessions of people who log in to the console by a password. Whoever reads the table cannot take one over: it has a hash of what the
-- browser holds.
create table talkme.console_session (
  token_hash    bytea       not null,
  name          text        not null,
  created_at    timestamptz not null default now(),
  seen_at       timestamptz not null default now(),
  expires_at    timestamptz not null,

  constraint console_session_pkey primary key (token_hash),
  constraint console_session_account foreign key (name) references talkme.console_account on delete cascade,
  constraint console_session_hash check (length(token_hash) = 32)
);

comment on table talkme.console_session is 'Who is logged in to the console';
comment on column talkme.console_session.token_hash is 'SHA-256 of the cookie';
comment on column talkme.console_session.name is 'The account';
comment on column talkme.console_session.created_at is 'When the person logged in';
comment on column talkme.console_session.seen_at is 'The last request, to within a minute';
comment on column talkme.console_session.expires_at is 'It ends then, however busy it is';

create index console_session_name on talkme.console_session (name);

grant select, insert, update, delete on talkme.console_session to talkme_console;
