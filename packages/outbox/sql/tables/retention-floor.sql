-- syncd writes what its file says, with a login that may be stolen or a file that may be wrong: it cannot have anything removed
-- sooner than people have agreed to.
create table talkme.retention_floor (
  singleton     boolean     not null default true,
  retention     interval    not null default '7 days',
  delete_after  interval    not null default '30 days',

  constraint retention_floor_pkey primary key (singleton),
  constraint retention_floor_singleton check (singleton),
  constraint retention_floor_positive check (retention >= interval '0' and delete_after >= interval '0')
);

comment on table talkme.retention_floor is
  'The shortest times that syncd may write into talkme.account. The owner of the schema changes them here, and may write talkme.account directly';
comment on column talkme.retention_floor.singleton is 'There is one floor';
comment on column talkme.retention_floor.retention is 'Rows keep personal data for at least this long after finishing';
comment on column talkme.retention_floor.delete_after is 'Rows stay for at least this long after finishing';

grant select on talkme.retention_floor to talkme_daemon, talkme_operator, talkme_viewer;

insert into talkme.retention_floor default values;
