-- An insert into a campaign with a duplicate_window locks the campaign's row until it commits. One row per campaign: a lock for
-- each recipient would fill the server's lock table, and could deadlock two inserts. A row, not an advisory lock: a transaction
-- with an older snapshot does not see later inserts, and gets 40001 for writing this row.
create table talkme.duplicate_lock (
  account       text        not null,
  id_campanha   bigint      not null,
  taken_by      xid8        not null,

  constraint duplicate_lock_pkey primary key (account, id_campanha)
) with (fillfactor = 50);

comment on table talkme.duplicate_lock is 'Campaigns with a duplicate_window: lets one transaction at a time insert into each';
comment on column talkme.duplicate_lock.account is 'As in talkme.campaign';
comment on column talkme.duplicate_lock.id_campanha is 'As in talkme.campaign';
comment on column talkme.duplicate_lock.taken_by is 'The transaction that inserted last';

grant select on talkme.duplicate_lock to talkme_operator, talkme_viewer;
