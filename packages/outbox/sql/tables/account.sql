create table talkme.account (
  account         text        not null,
  sending_window  text,
  open_minutes    int4multirange generated always as (talkme.parse_sending_window(sending_window)) stored,
  recipient_gap   interval,
  retention       interval,
  delete_after    interval,

  constraint account_pkey primary key (account),
  constraint account_name check (talkme.is_account_name(account)),
  constraint account_recipient_gap_positive check (recipient_gap > interval '0' and recipient_gap <= interval '10 years'),
  constraint account_retention_positive check (retention >= interval '0' and retention <= interval '1000 years'),
  constraint account_delete_after_retention check (delete_after >= coalesce(retention, interval '0') and delete_after <= interval '1000 years')
);

comment on table talkme.account is 'Settings of an account, for all of its campaigns and channels unless talkme.campaign says otherwise. An account needs no row here to send';
comment on column talkme.account.account is 'As in talkme.outbox';
comment on column talkme.account.sending_window is 'When people may be written to, by their own clocks: mon-fri 9:00-19:00, sat 9:00-13:00; null for always';
comment on column talkme.account.open_minutes is 'The same as minutes of the week';
comment on column talkme.account.recipient_gap is 'How long after a message to a number the next one may go to it; null: at once';
comment on column talkme.account.retention is 'How long after finishing a row keeps personal data; null: for ever';
comment on column talkme.account.delete_after is 'How long after finishing a row is deleted; null: never';

grant select on talkme.account to talkme_daemon, talkme_operator, talkme_viewer;
