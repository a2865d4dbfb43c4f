-- Two instances that claim rows for one recipient at the same moment do not see each other's claims: whoever has not
-- seen the last turn gets none.
create table talkme.turn (
  recipient     text        not null,
  number        bigint      not null default 1,
  taken_at      timestamptz not null default now(),

  constraint turn_pkey primary key (recipient)
) with (fillfactor = 70);

comment on table talkme.turn is 'Recipients of campaigns with a gap between messages, of the last days: lets one claim at a time decide about each';
comment on column talkme.turn.recipient is 'As in talkme.outbox.recipient';
comment on column talkme.turn.number is 'Grows with each claim of a row for the recipient';
comment on column talkme.turn.taken_at is 'When that was';

grant select on talkme.turn to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.turn to talkme_daemon;
