-- What all instances share about an account: whether its circuit is open, which lanes the API is known to take, and when the next
-- message may go out. How and why: docs/guarantees.md and docs/decisions/0010-a-shared-circuit.md. The daemon has the policy: it
-- computes the next state, and writes it only over the state that it has seen.
--
-- These rows are few and change often: free space on the page keeps their index from growing.
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

comment on table talkme.circuit is 'Circuits of accounts that were ever in trouble, or tried: while kind is not null, no row of the account is sent. talkme.resume lets one through';
comment on column talkme.circuit.account is 'The account of talkme.outbox';
comment on column talkme.circuit.credential is 'Empty: for every instance that sends for the account. Otherwise a short, slow hash of a token that the API refuses: only instances that use this token wait';
comment on column talkme.circuit.version is 'Grows with each change: an instance that has not seen the last one changes nothing';
comment on column talkme.circuit.alarms is 'Grows when less is allowed than before: an instance that does not know of it claims nothing';
comment on column talkme.circuit.not_founds is 'Answers 404 in a row; the second one opens the circuit, a third one locks the token';
comment on column talkme.circuit.troubles is 'Answers in a row that were unknown or not_sent';
comment on column talkme.circuit.kind is 'Why it is open: not_found, authentication, trouble or throttled; null while it is closed';
comment on column talkme.circuit.opened_at is 'When it opened';
comment on column talkme.circuit.half_open_at is 'From then on, one row may try the API';
comment on column talkme.circuit.slowdown is 'How many times the rate was halved after 429; each minute without a 429 undoes one';
comment on column talkme.circuit.throttled_at is 'When the last 429 came';
comment on column talkme.circuit.trial_by is 'The instance that may try one row of an account or lane that is not known to work';
comment on column talkme.circuit.reported_by is 'The instance whose token the API refused';

grant select on talkme.circuit to talkme_operator, talkme_viewer;
grant select, insert, update on talkme.circuit to talkme_daemon;
