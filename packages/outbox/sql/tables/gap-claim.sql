-- Two instances that claim rows for one recipient at the same moment do not see each other's claims: compare-and-set on the
-- number lets only one of them through.
create table talkme.gap_claim (
  recipient     text        not null,
  number        bigint      not null default 1,
  taken_at      timestamptz not null default now(),

  constraint gap_claim_pkey primary key (recipient)
) with (fillfactor = 70);

comment on table talkme.gap_claim is 'Recent recipients of campaigns with a recipient gap: lets one claim at a time decide about each';
comment on column talkme.gap_claim.recipient is 'As in talkme.outbox.recipient';
comment on column talkme.gap_claim.number is 'Grows with each claim of a row for the recipient';
comment on column talkme.gap_claim.taken_at is 'When the last row was claimed';

grant select on talkme.gap_claim to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.gap_claim to talkme_daemon;
