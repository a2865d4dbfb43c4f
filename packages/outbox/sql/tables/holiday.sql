create table talkme.holiday (
  day           date        not null,
  state         text        not null default '*',
  name          text        not null,

  constraint holiday_pkey primary key (day, state),
  constraint holiday_state_known check (state ~ '^([A-Z]{2}|[*])$')
);

comment on table talkme.holiday is 'Days on which no sending window opens';
comment on column talkme.holiday.day is 'The day, by the recipient''s calendar';
comment on column talkme.holiday.state is 'The state, as two letters; * for the whole country';
comment on column talkme.holiday.name is 'Name of the holiday';

grant select on talkme.holiday to talkme_daemon, talkme_operator, talkme_viewer;
