create table talkme.hourly_progress (
  singleton     boolean     not null default true,
  final_until   timestamptz not null default '-infinity',
  counted_at    timestamptz not null default '-infinity',

  constraint hourly_progress_pkey primary key (singleton),
  constraint hourly_progress_singleton check (singleton)
);

comment on table talkme.hourly_progress is 'How far talkme.roll_up has come';
comment on column talkme.hourly_progress.singleton is 'There is one';
comment on column talkme.hourly_progress.final_until is
  'Hours before this are not counted again. Set it back to have them counted anew, as far as their rows are still there';
comment on column talkme.hourly_progress.counted_at is 'When the last round through the hours ended';

grant select on talkme.hourly_progress to talkme_operator, talkme_viewer;

insert into talkme.hourly_progress default values;
