-- Counts through outbox_batch alone, which has status and time: 200,000 rows in some 50 ms once they are vacuumed.
create or replace function talkme.count_batch(batch_id bigint) returns table (
  rows bigint, pending bigint, due bigint, held bigint, sending bigint, sent bigint, unknown bigint, failed bigint, expired bigint,
  cancelled bigint, paused boolean, rate_per_second numeric, expected_end timestamptz
)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  held_at constant timestamptz := talkme.held_until();
  minute  constant interval := interval '1 minute';
  latest  timestamptz;
  first   record;
  since   timestamptz;
  pace    double precision;
begin
  if not (talkme.caller_is('{talkme_viewer,talkme_daemon}') or talkme.may_use_batch(batch_id)) then
    return;
  end if;
  select
    coalesce(sum(c.rows), 0),
    coalesce(sum(c.rows) filter (where c.status = 'pending'), 0), coalesce(sum(c.due) filter (where c.status = 'pending'), 0),
    coalesce(sum(c.held) filter (where c.status = 'pending'), 0), coalesce(sum(c.rows) filter (where c.status = 'sending'), 0),
    coalesce(sum(c.rows) filter (where c.status = 'sent'), 0), coalesce(sum(c.rows) filter (where c.status = 'unknown'), 0),
    coalesce(sum(c.rows) filter (where c.status = 'failed'), 0), coalesce(sum(c.rows) filter (where c.status = 'expired'), 0),
    coalesce(sum(c.rows) filter (where c.status = 'cancelled'), 0),
    max(c.latest) filter (where c.status = 'pending')
  into rows, pending, due, held, sending, sent, unknown, failed, expired, cancelled, latest
  from (
    select
      o.status, count(*) as rows, count(*) filter (where o.due_at < now()) as due, count(*) filter (where o.due_at = held_at) as held,
      max(o.due_at) filter (where o.due_at < held_at) as latest
    from talkme.outbox as o
    where o.batch_id = count_batch.batch_id
    group by o.status
  ) as c;
  paused := exists (select from talkme.paused as p where p.scope = 'batch:' || count_batch.batch_id);

  -- What was sent within the last minute, or since the batch began if that is less long ago.
  select count(*) as sent, min(o.finished_at) as since into first
  from talkme.outbox as o
  where o.finished_at > now() - minute and o.batch_id = count_batch.batch_id and o.status = 'sent';
  since := greatest(now() - minute, (select b.created_at from talkme.batch as b where b.id = count_batch.batch_id));
  rate_per_second := round((first.sent / greatest(extract(epoch from now() - since), 1))::numeric, 2);

  if pending > held and not paused then
    -- The rules of its first waiting row stand for all: a batch rarely has several campaigns.
    select o.account, o.id_campanha, o.id_wpp into first
    from talkme.outbox as o
    where o.batch_id = count_batch.batch_id and o.status = 'pending' and o.due_at < held_at
    order by o.due_at
    limit 1;
    if not talkme.is_paused(first.account, first.id_campanha, first.id_wpp) then
      pace := coalesce(
        nullif(rate_per_second, 0),
        (select c.rate_per_second from talkme.campaign as c where c.account = first.account and c.id_campanha = first.id_campanha)
      );
      expected_end := greatest(latest, talkme.expected_end(
        coalesce(
          (select c.open_minutes from talkme.campaign as c where c.account = first.account and c.id_campanha = first.id_campanha),
          (select a.open_minutes from talkme.account as a where a.account = first.account)
        ),
        (pending - held) / pace, now()
      ));
      if pace is null then
        expected_end := null;
      end if;
    end if;
  end if;
  return next;
end
$$;

comment on function talkme.count_batch(bigint) is 'What talkme.batches shows of a batch; nothing of one that the caller may not see';

revoke execute on function talkme.count_batch(bigint) from public;
grant execute on function talkme.count_batch(bigint) to talkme_daemon, talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
