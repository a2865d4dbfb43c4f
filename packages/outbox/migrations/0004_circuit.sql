-- What all instances share about an account: whether its circuit is open, which lanes the API is known to take, and
-- when the next message may go out. How and why: docs/guarantees.md and docs/decisions/0010-a-shared-circuit.md.
-- The policy is the daemon's; it computes the next state, and writes it only over the state that it has seen.

-- These rows are few and change often: room on the page keeps their index from growing.
create table talkme.circuit (
  account      text        not null,
  credential   text        not null default '',
  version      bigint      not null default 1,
  alarms       bigint      not null default 0,
  not_founds   integer     not null default 0,
  troubles     integer     not null default 0,
  kind         text,
  opened_at    timestamptz,
  half_open_at timestamptz,
  slowdown     integer     not null default 0,
  throttled_at timestamptz,
  trial_by     text,
  reported_by  text,

  constraint circuit_pkey primary key (account, credential),
  constraint circuit_kind_known check (kind in ('not_found', 'authentication', 'trouble', 'throttled')),
  constraint circuit_open_has_times check (
    (kind is null) = (opened_at is null) and (kind is null) = (half_open_at is null)
  )
) with (fillfactor = 50);

comment on table talkme.circuit is 'Accounts that wait, or have waited, or have had a row tried: while kind is not null, no row of the account is sent. talkme.resume lets one through';
comment on column talkme.circuit.account is 'The account of talkme.outbox';
comment on column talkme.circuit.credential is 'Empty: it holds for whoever sends for the account. Else the API refuses a token, and only instances that have it wait; a short, slow hash by which they know it';
comment on column talkme.circuit.version is 'Grows with each change: who has not seen the last one changes nothing';
comment on column talkme.circuit.alarms is 'Grows when less is allowed than before: an instance that does not know of it claims nothing';
comment on column talkme.circuit.not_founds is 'Answers 404 in a row; the second one opens the circuit, a third one locks the token';
comment on column talkme.circuit.troubles is 'Answers in a row that were unknown or not_sent';
comment on column talkme.circuit.kind is 'Why it is open: not_found, authentication, trouble or throttled; null while it is closed';
comment on column talkme.circuit.opened_at is 'Since when it is open';
comment on column talkme.circuit.half_open_at is 'From then on one row may try whether the API takes it';
comment on column talkme.circuit.slowdown is 'How many times the rate was halved after 429; each minute without one takes back one of them';
comment on column talkme.circuit.throttled_at is 'When the last 429 came';
comment on column talkme.circuit.trial_by is 'The instance that may try one row of an account or lane that is not known to work';
comment on column talkme.circuit.reported_by is 'The instance whose token the API refused';

create table talkme.lane (
  lane         text        collate "C" not null,
  account      text        not null,
  accepted_at  timestamptz,
  not_founds   integer     not null default 0,
  quiet_until  timestamptz,

  constraint lane_pkey primary key (lane)
) with (fillfactor = 50);

comment on table talkme.lane is 'What the API said of each account, campaign and channel: one that was not accepted of late is tried with one row first';
comment on column talkme.lane.lane is 'As in talkme.outbox';
comment on column talkme.lane.account is 'Its account';
comment on column talkme.lane.accepted_at is 'When the API last answered for it, to within a few minutes, with anything but a 404 or what says nothing; null after a 404';
comment on column talkme.lane.not_founds is 'Answers 404 in a row';
comment on column talkme.lane.quiet_until is 'Its rows wait until then, because the API does not find its campaign or channel, or answers in words that no rule knows';

create table talkme.pace (
  scope        text        not null,
  next_at      timestamptz not null,

  constraint pace_pkey primary key (scope)
) with (fillfactor = 50);

comment on table talkme.pace is 'The rate, over all instances: each reserves the times at which it may send';
comment on column talkme.pace.scope is 'account:NAME, campaign:ID or channel:ID';
comment on column talkme.pace.next_at is 'The first time that nobody has reserved';

-- A statement that its client has given up may go on in the server, and be committed much later: it must claim nothing.
alter table talkme.instance add column epoch integer not null default 0;

comment on column talkme.instance.epoch is 'Grows when a statement of the instance was lost: what it asked for before claims nothing any more';


create function talkme.resume(scope text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  parts    text[] := regexp_match(scope, '^(all|account|campaign|channel)(?::(.+))?$');
  circuits integer;
  lanes    integer;
begin
  if parts is null or (parts[1] = 'all') <> (parts[2] is null)
    or (parts[1] in ('campaign', 'channel') and parts[2] !~ '^[0-9]+$')
  then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('talkme.resume: %L is no scope', scope),
      hint = 'Give ''all'', ''account:NAME'', ''campaign:ID'' or ''channel:ID''.';
  end if;

  update talkme.circuit as c
  set version = c.version + 1, half_open_at = clock_timestamp(),
    trial_by = (select i.name from talkme.instance as i where i.name = c.trial_by)
  where c.kind is not null and (parts[1] = 'all' or (parts[1] = 'account' and c.account = parts[2]));
  get diagnostics circuits = row_count;

  update talkme.lane as l
  set quiet_until = null
  where l.quiet_until > now() and case parts[1]
    when 'all' then true
    when 'account' then l.account = parts[2]
    when 'campaign' then split_part(l.lane, '/', 2) = parts[2]
    else split_part(l.lane, '/', 3) = parts[2]
  end;
  get diagnostics lanes = row_count;

  perform talkme.notify_daemon();
  return case
    when circuits + lanes = 0 then format('Nothing of %s was waiting.', scope)
    else format(
      '%s: %s open circuit(s) and %s quiet campaign(s) or channel(s) are tried with one row each.',
      scope, circuits, lanes
    )
  end;
end
$$;

comment on function talkme.resume(text) is
  'Ends the wait of all, account:NAME, campaign:ID or channel:ID: one row is tried, and if the API takes it, the others follow';

revoke execute on function talkme.resume(text) from public;
