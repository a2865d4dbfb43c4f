create table talkme.suppression (
  recipient     text        not null,
  reason        text        not null,
  suppressed_by name        not null default talkme.caller(),
  suppressed_at timestamptz not null default now(),

  constraint suppression_pkey primary key (recipient),
  -- Another spelling would match nobody.
  constraint suppression_recipient_key check (
    recipient !~ '^[?]'
    and coalesce(recipient = talkme.number_key('+' || recipient) or recipient = talkme.address_key(recipient), false)
  )
);

comment on table talkme.suppression is 'Recipients to whom nothing is sent: see talkme.suppress';
comment on column talkme.suppression.recipient is 'As in talkme.outbox.recipient';
comment on column talkme.suppression.reason is 'Why, such as a request of the person';
comment on column talkme.suppression.suppressed_by is 'Who suppressed it';
comment on column talkme.suppression.suppressed_at is 'Since when';

grant select on talkme.suppression to talkme_daemon, talkme_operator, talkme_viewer;
