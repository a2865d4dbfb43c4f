-- What became of messages, by the hour: charts of weeks read this, and not millions of rows. It outlives the rows, and names no person.
create table talkme.hourly (
  hour          timestamptz not null,
  account       text        not null,
  id_campanha   bigint,
  batch_id      bigint,
  status        text        not null,
  rows          bigint      not null,

  -- The order in which a campaign's or a batch's chart reads it is that of an index of its own.
  constraint hourly_key unique nulls not distinct (hour, account, id_campanha, batch_id, status),
  constraint hourly_status_known check (status in ('sent', 'failed', 'expired', 'cancelled')),
  constraint hourly_rows_positive check (rows > 0)
);

comment on table talkme.hourly is
  'How many rows became sent, failed, expired or cancelled in each hour, kept for two years. talkme.roll_up writes it: the hour that has not ended is some minutes behind';
comment on column talkme.hourly.hour is 'When the hour begins; hours are those of UTC';
comment on column talkme.hourly.account is 'As in talkme.outbox';
comment on column talkme.hourly.id_campanha is 'As in talkme.outbox; null for rows without a campaign';
comment on column talkme.hourly.batch_id is 'As in talkme.outbox; null for rows of no batch';
comment on column talkme.hourly.status is 'What the rows became. A row that ended twice, because it was retried, is counted in both hours';
comment on column talkme.hourly.rows is 'How many';

create index hourly_campaign on talkme.hourly (id_campanha, hour) where id_campanha is not null;

create index hourly_batch on talkme.hourly (batch_id, hour) where batch_id is not null;

grant select on talkme.hourly to talkme_operator, talkme_viewer;
