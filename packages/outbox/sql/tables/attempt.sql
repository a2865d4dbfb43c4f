-- PostgreSQL refuses a partitioned table where default_tablespace names the database's own.
do $$
begin
  if current_setting('default_tablespace') = (
    select t.spcname from pg_catalog.pg_database as d join pg_catalog.pg_tablespace as t on t.oid = d.dattablespace
    where d.datname = current_database()
  ) then
    set local default_tablespace = '';
  end if;
end
$$;

-- One row for each HTTP attempt, in monthly partitions: dropping old ones costs nothing.
create table talkme.attempt (
  outbox_id     bigint      not null,
  attempt       integer     not null,
  account       text        not null,
  action        text        not null,
  started_at    timestamptz not null,
  duration_ms   integer     not null,
  outcome       text        not null,
  http_status   smallint,
  reference     text,
  error_code    text,
  error         text,
  instance      text        not null,
  claim         bigint,

  constraint attempt_pkey primary key (outbox_id, attempt, started_at),
  constraint attempt_outcome_known check (outcome in ('accepted', 'rejected', 'not_sent', 'unknown'))
) partition by range (started_at);

comment on table talkme.attempt is 'Every request that syncd made to Talk.me, and what came of it';
comment on column talkme.attempt.outbox_id is 'The row of talkme.outbox';
comment on column talkme.attempt.attempt is 'The fence of its claim';
comment on column talkme.attempt.account is 'The Talk.me account that it was made for';
comment on column talkme.attempt.action is 'simples (GET, without variables) or v2 (POST, with variables)';
comment on column talkme.attempt.started_at is 'When the request began, by the database''s clock';
comment on column talkme.attempt.duration_ms is 'How long it took';
comment on column talkme.attempt.outcome is 'accepted, rejected, not_sent (safe to retry) or unknown (it may have been sent)';
comment on column talkme.attempt.http_status is 'HTTP status of the answer, if there was one';
comment on column talkme.attempt.reference is 'The identifier found in the answer';
comment on column talkme.attempt.error_code is 'A stable code: see docs/errors.md';
comment on column talkme.attempt.error is 'What went wrong, in a sentence';
comment on column talkme.attempt.instance is 'The instance of syncd that made it';
comment on column talkme.attempt.claim is 'The number that this instance gave to the claim: another row may have this id since';

-- Catches what no month's partition takes, so that a missing one never stops the daemon; its rows move to the month's partition
-- when that is created.
create table talkme.attempt_default partition of talkme.attempt default;

grant select on talkme.attempt to talkme_operator, talkme_viewer;
grant select, insert on talkme.attempt to talkme_daemon;
