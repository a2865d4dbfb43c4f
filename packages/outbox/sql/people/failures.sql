-- Runs with the reader's rights: whoever may see only some rows finds only those.
create or replace view talkme.failures with (security_invoker = true) as
with grouped as (
  select
    o.status, o.error_code, count(*) as rows, max(o.id) as last_id,
    min(coalesce(o.finished_at, o.claimed_at)) as first_at, max(coalesce(o.finished_at, o.claimed_at)) as last_at
  from talkme.outbox as o
  where o.status in ('failed', 'unknown', 'expired', 'cancelled')
  group by o.status, o.error_code
)
select g.status, g.error_code, g.rows, g.first_at, g.last_at, g.last_id,
  talkme.say_error(g.error_code, o.error, null) as example
from grouped as g
join talkme.outbox as o on o.id = g.last_id
order by g.rows desc, g.status, g.error_code;

comment on view talkme.failures is 'What was not sent, grouped by the reason, the most frequent first';
comment on column talkme.failures.status is 'failed, unknown, expired or cancelled';
comment on column talkme.failures.error_code is 'Why, as a stable code: see docs/errors.md; null if a person cancelled';
comment on column talkme.failures.rows is 'How many rows';
comment on column talkme.failures.first_at is 'When the first of them ended this way; for an unknown row, when it was claimed';
comment on column talkme.failures.last_at is 'When the last of them ended this way';
comment on column talkme.failures.last_id is 'The last inserted one';
comment on column talkme.failures.example is 'Its error, in a sentence; what the code means, where the reader has another language';

grant select on talkme.failures to talkme_operator, talkme_viewer;
