create table talkme.lane (
  lane         text        collate "C" not null,
  account      text        not null,
  accepted_at  timestamptz,
  not_founds   integer     not null default 0,
  quiet_until  timestamptz,

  constraint lane_pkey primary key (lane)
) with (fillfactor = 50);

comment on table talkme.lane is 'What the API said of each account, campaign and channel: one not accepted recently is tried with one row first';
comment on column talkme.lane.lane is 'As in talkme.outbox';
comment on column talkme.lane.account is 'Its account';
comment on column talkme.lane.accepted_at is 'When the API last gave a meaningful answer for it other than 404, to within a few minutes; null after a 404';
comment on column talkme.lane.not_founds is 'Answers 404 in a row';
comment on column talkme.lane.quiet_until is 'Its rows wait until then, because the API does not find its campaign or channel, or answers in words that no rule knows';

grant select on talkme.lane to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.lane to talkme_daemon;
