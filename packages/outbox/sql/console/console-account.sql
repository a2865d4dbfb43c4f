-- Who logs in to the console. With a log-in by proxy it only maps names: one without a row here is the role of its own name.
create table talkme.console_account (
  name          text        not null,
  role          name        not null,
  password      text,
  created_at    timestamptz not null default now(),

  constraint console_account_pkey primary key (name),
  constraint console_account_name check (name ~ '^[^[:space:][:cntrl:]]{1,200}$'),
  -- Never a password that anybody could read.
  constraint console_account_password_hashed check (password ~ '^scrypt[$]')
);

comment on table talkme.console_account is 'Log-in names of the console, and the role that each acts as';
comment on column talkme.console_account.name is 'What the person types, or what the proxy calls them';
comment on column talkme.console_account.role is 'The role of PostgreSQL that the person acts as';
comment on column talkme.console_account.password is 'scrypt, its costs, a salt and the hash; null: this name logs in by a proxy only';
comment on column talkme.console_account.created_at is 'When it was created';

grant select, insert, update, delete on talkme.console_account to talkme_console;
