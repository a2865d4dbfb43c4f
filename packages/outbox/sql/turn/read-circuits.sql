-- Inlined where it is called.
create or replace function talkme.read_circuits() returns table (
  account text, credential text, "reportedBy" text, version bigint, alarms bigint, "notFounds" integer, troubles integer,
  kind text, "halfOpenInMs" double precision, slowdown integer, "throttledAgoMs" double precision, "trialBy" text,
  "trialAlive" boolean
)
language sql stable
as $$
  select
    c.account, c.credential,
    (select i.name from talkme.instance as i where i.name = c.reported_by),
    c.version, c.alarms, c.not_founds, c.troubles, c.kind,
    (extract(epoch from c.half_open_at - clock_timestamp()) * 1000)::double precision,
    c.slowdown,
    (extract(epoch from clock_timestamp() - c.throttled_at) * 1000)::double precision,
    c.trial_by,
    exists (select from talkme.instance as i where i.name = c.trial_by)
  from talkme.circuit as c
$$;

comment on function talkme.read_circuits() is 'Every circuit that was ever in trouble, as the daemon reads it';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.read_circuits() from public;
grant execute on function talkme.read_circuits() to talkme_daemon;
