-- The hot path of the daemon: settles what was answered, records the attempts and claims the next rows, in one round trip and
-- one commit. What it promises is told where it is called: packages/outbox/src/queries/settle-and-claim.ts.
--
-- As a function, because each connection plans the statements of a function once. Sent as text they were planned at each turn,
-- which took longer than to run them: 3.1 ms of the server's processor time for a turn of one row, against 0.74 ms; 4.6 ms
-- for one of 32 rows, against 2.3 ms. Prepared statements with a name are not for every pooler in transaction mode.
--
-- A plan that is kept is made when the daemon starts, perhaps over an empty table, and must be right for the millions of
-- rows that come: so nothing is left to statistics. It is generic, and made of index scans and nested loops alone. Without
-- these settings it read the whole table at each turn, by a sequential scan or, that being off, by a hash join over a whole
-- index. For the same reason rows of large tables are asked for by scalar subqueries, not by exists(): that may become a
-- hash table of a whole table, whatever is off. packages/outbox/test/hot-path-plans.test.ts shows what is read.
create or replace function talkme.settle_and_claim(
  claimer text, claimer_epoch bigint, turn bigint, answers json, around_locks boolean, wishes json, slots integer, guarded boolean,
  fate_errors text
) returns table (
  kind text, id bigint, fence integer, account text, "idCampanha" bigint, "idWpp" bigint, "numeroDest" text,
  "emailDest" text, recipient text, txtmsg text, assunto text, "infoContato" jsonb, attempts integer, "maxAttempts" smallint,
  "onUnknown" text, lane text, priority smallint, "dueAtUs" bigint, "waitedMs" double precision,
  "expiresInMs" double precision, traceparent text, seal integer
)
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
-- No lock of somebody else's holds up everybody for longer: a trigger may wait for one.
set lock_timeout = '500ms'
set jit = off
as $$
#variable_conflict use_column
declare
  patience   constant text := current_setting('lock_timeout');
  -- What set_config returns: an assignment starts no statement, as perform would.
  setting    text;
  others     json    := answers;
  locked     bigint[] := '{}';
  stale      bigint[];
  gone       bigint[];
  changed    bigint[];
  suppressed bigint[] := '{}';
  rewritten  text;
  registered boolean;
  held       text[];
  mine       tid[];
  fates      talkme.fate[];
  done       bigint;
  settled_fates bigint[] := '{}';
begin
  -- The commit is on disk before a request is made, also where commits are not by default.
  if current_setting('synchronous_commit') = 'off' then
    setting := set_config('synchronous_commit', 'local', true);
  end if;
  -- Whoever calls has to hear that a standby did not confirm the commit: PostgreSQL says it in a warning.
  if current_setting('client_min_messages') = 'error' then
    setting := set_config('client_min_messages', 'warning', true);
  end if;

  -- 1. What was answered. Nearly always a row is as its first claim has left it, and its answer ends it: that is one step. Somebody
  -- who has locked the row is waited for a moment only: then the daemon says all of it again, around_locks.
  --
  -- A row is settled when what comes back says so. A customer's trigger may suppress the update: that is reported. Or make something
  -- else of the row: then nothing is done at all.
  if answers is not null and not around_locks then
    setting := set_config('lock_timeout', '20ms', true);
    with answer as materialized (
      select * from json_populate_recordset(null::talkme.answer, answers)
    ),
    settled as (
      update talkme.outbox as o set
        status      = a.status,
        claim       = case when a.status <> 'unknown' then -a.claim else a.claim end,
        finished_at = case when a.status <> 'unknown' then now() end,
        http_status = a.http_status,
        reference   = a.reference,
        response    = a.response,
        error_code  = a.error_code,
        error       = a.error
      from answer as a
      -- Not by =, which would let the planner use the index of what is sending, and walk the dead entries of all that was.
      where o.id = a.id and o.claim = a.claim and o.claimed_by = a.claimed_by and o.status ^@ 'sending'
        and o.retry_at is null and a.status <> 'pending' and a.refund = 0
        and (a.status = 'unknown' or a.seal = talkme.seal(o.numero_dest, o.email_dest))
      returning a.*, o.blanked_at is not null as blanked, o.status as became
    ),
    recorded as (
      insert into talkme.attempt (
        outbox_id, attempt, account, action, started_at, duration_ms, outcome,
        http_status, reference, error_code, error, instance, claim
      )
      select
        id, fence, account, action, now() - age_ms * interval '1 millisecond', duration_ms, outcome,
        http_status, case when not blanked then reference end, error_code, case when not blanked then error end, claimed_by,
        claim
      from settled
      where action is not null
    )
    select
      case when (select count(*) from settled) < (select count(*) from answer) then (
        select json_agg(answer) from answer where (id, claim) not in (select id, claim from settled)
      ) end,
      (select id || ' ' || became from settled where became <> status and not blanked limit 1)
    into others, rewritten;
    if rewritten is not null then
      perform talkme.refuse_rewriting(rewritten);
    end if;
    setting := set_config('lock_timeout', patience, true);
  end if;

  -- Whatever else there is: retries, rows that were retried, answers that come late, and rows that somebody has locked, which are
  -- left out.
  if others is not null then
    with answer as materialized (
      select
        a.*, o.id is not null as mine, o.first,
        o.id is null and coalesce((
          select r.claim = a.claim and r.claimed_by = a.claimed_by and r.status in ('sending', 'unknown')
          from talkme.outbox as r
          where r.id = a.id
        ), false) as locked,
        -- Of somebody else than the row says by now.
        a.status <> 'unknown' and not o.blanked and a.seal is distinct from o.seal as changed,
        -- The person was forgotten meanwhile: of the answer nothing is kept, here as in the row.
        coalesce(o.blanked, (select r.blanked_at is not null from talkme.outbox as r where r.id = a.id), false) as blanked
      from json_populate_recordset(null::talkme.answer, others) as a
      left join lateral (
        select
          o.id, o.status = 'sending' as first, o.blanked_at is not null as blanked,
          talkme.seal(o.numero_dest, o.email_dest) as seal
        from talkme.outbox as o
        where o.id = a.id and o.claim = a.claim and o.claimed_by = a.claimed_by and o.status in ('sending', 'unknown')
        for update skip locked
      ) as o on true
    ),
    settled as (
      update talkme.outbox as o set
        status      = a.status,
        attempts    = o.attempts - a.refund,
        claim       = case a.status when 'pending' then null when 'unknown' then a.claim else -a.claim end,
        retry_at    = now() + a.retry_in_ms * interval '1 millisecond',
        claimed_by  = case when a.status <> 'pending' then o.claimed_by end,
        claimed_at  = case when a.status <> 'pending' then o.claimed_at end,
        finished_at = case when a.status in ('sent', 'failed') then now() end,
        http_status = a.http_status,
        reference   = a.reference,
        response    = a.response,
        error_code  = a.error_code,
        error       = a.error
      from answer as a
      where a.mine and not a.changed and o.id = a.id
      returning o.id, a.claim, o.status as became, a.status, a.blanked
    ),
    recorded as (
      insert into talkme.attempt (
        outbox_id, attempt, account, action, started_at, duration_ms, outcome,
        http_status, reference, error_code, error, instance, claim
      )
      select
        id, fence, account, action, now() - age_ms * interval '1 millisecond', duration_ms, outcome,
        http_status, case when not blanked then reference end, error_code, case when not blanked then error end, claimed_by,
        claim
      from answer
      where action is not null
        -- That it was accepted is recorded also where its row cannot say so now: nobody sends it again then.
        and (outcome = 'accepted' or not locked and (not mine or (id, claim) in (select id, claim from settled)))
        -- Whatever came before, in time or late: an attempt is recorded once.
        and (first and outcome <> 'accepted' or (
          select true from talkme.attempt as t
          where t.outbox_id = answer.id and t.attempt = answer.fence and t.claim = answer.claim
            and t.instance = answer.claimed_by and t.started_at > now() - interval '1 day'
          limit 1
        ) is null)
    )
    select
      coalesce(array_agg(id) filter (where locked), '{}'),
      array_agg(id) filter (where not mine and not locked),
      -- Accepted, and there is no row that says so, or can be made to.
      array_agg(id) filter (where not mine and not locked and status = 'sent' and not coalesce((
        select abs(r.claim) = answer.claim and r.claimed_by = answer.claimed_by and r.status = 'sent' from talkme.outbox as r where r.id = answer.id
      ), false)),
      array_agg(id) filter (where mine and changed),
      coalesce(
        array_agg(id) filter (where mine and not changed and (id, claim) not in (select id, claim from settled)), '{}'
      ),
      (select id || ' ' || became from settled where became <> status and not blanked limit 1)
    into locked, stale, gone, changed, suppressed, rewritten
    from answer;
    if rewritten is not null then
      perform talkme.refuse_rewriting(rewritten);
    end if;

    kind := 'locked';
    foreach id in array locked loop return next; end loop;
    kind := 'stale';
    foreach id in array coalesce(stale, '{}') loop return next; end loop;
    kind := 'gone';
    foreach id in array coalesce(gone, '{}') loop return next; end loop;
    kind := 'changed';
    foreach id in array coalesce(changed, '{}') loop return next; end loop;
    kind := 'suppressed_settlement';
    foreach id in array suppressed loop return next; end loop;
    id := null;
  end if;

  -- 2. What becomes of the rows at the front of the lanes that may be claimed from. They are locked from here on. A row
  -- whose answer could not be written is sending still: its slot is not free.
  slots := greatest(slots - cardinality(locked || suppressed || changed), 0);
  if wishes is null then
    select true into registered from talkme.instance where name = claimer;
  elsif not guarded then
    with self as materialized (select epoch from talkme.instance where name = claimer),
    wish as materialized (select * from talkme.judge_wishes(wishes, claimer)),
    met as (
      select
        r.*,
        case
          when r.claim is not null then 'claim_unsettled'
          when r.expires_at <= now() then 'expired'
          when r.blanked_at is not null then 'forgotten'
          when (select true from talkme.suppression as s where s.recipient = r.recipient) then 'suppressed'
          when r.email_dest is null then null
          when (select true from talkme.suppression as s where s.recipient = talkme.address_key(r.email_dest)) then 'suppressed'
        end as ending
      from wish
      cross join lateral (
        select r.ctid as place, r.id, r.claim, r.due_at, r.expires_at, r.blanked_at, r.recipient, r.email_dest
        from talkme.outbox as r
        where r.status = 'pending' and r.lane = wish.lane and r.priority = wish.priority
          and r.due_at < now() and (r.due_at, r.id) > (wish.due_at, wish.id)
          and (wish.avoid is null or r.id <> all(wish.avoid))
        order by r.due_at, r.id
        limit wish."limit"
        for update skip locked
      ) as r
      where wish.allowed and (select epoch = claimer_epoch from self)
      limit slots
    )
    select
      (select true from self),
      (select array_agg(distinct wish.account) from wish where not wish.allowed),
      array_agg(met.place) filter (where ending is null),
      array_agg(row(met.id, met.due_at, null, ending)::talkme.fate) filter (where ending is not null)
    into registered, held, mine, fates
    from met;
  else
    with self as materialized (select epoch from talkme.instance where name = claimer),
    wish as materialized (select * from talkme.judge_wishes(wishes, claimer)),
    met as materialized (
      select r.*, wish."limit", wish.gap, wish.open_minutes
      from wish
      cross join lateral (
        select
          r.ctid as place, r.id, r.claim, r.lane, r.priority, r.due_at, r.expires_at, r.blanked_at, r.recipient, r.email_dest
        from talkme.outbox as r
        where r.status = 'pending' and r.lane = wish.lane and r.priority = wish.priority
          and r.due_at < now() and (r.due_at, r.id) > (wish.due_at, wish.id)
          and (wish.avoid is null or r.id <> all(wish.avoid))
        order by r.due_at, r.id
        limit wish."limit" + wish.scan
        for update skip locked
      ) as r
      where wish.allowed and slots > 0 and (select epoch = claimer_epoch from self)
    ),
    judged as materialized (
      select met.*, ending.code as ending, opening.at as opens_at, earlier.at + met.gap as gap_until
      from met
      cross join lateral (select case
          when met.claim is not null then 'claim_unsettled'
          when met.expires_at <= now() then 'expired'
          when met.blanked_at is not null then 'forgotten'
          when (select true from talkme.suppression as s where s.recipient = met.recipient) then 'suppressed'
          when met.email_dest is null then null
          when (select true from talkme.suppression as s where s.recipient = talkme.address_key(met.email_dest)) then 'suppressed'
        end as code) as ending
      left join lateral (
        select talkme.opens_at(met.open_minutes, met.recipient, now()) as at
        where ending.code is null and met.open_minutes is not null
      ) as opening on true
      left join lateral (
        select max(o.claimed_at) as at
        from talkme.outbox as o
        where ending.code is null and met.gap is not null and o.recipient = met.recipient and o.id <> met.id
          and o.status in ('sending', 'sent', 'unknown') and o.claimed_at > now() - met.gap
      ) as earlier on true
    ),
    ready as materialized (
      -- Of a recipient with a gap, the first row alone.
      select
        ready.*,
        row_number() over (partition by lane, priority order by due_at, id) <= "limit" as fits,
        row_number() over (order by due_at, id) <= slots as has_slot
      from (
        select *, gap is null or row_number() over (partition by gap is null, recipient order by due_at, id) = 1 as first
        from judged
        where ending is null and gap_until is null and coalesce(opens_at <= now(), true)
      ) as ready
      where first
    ),
    taken as (
      -- In one order everywhere: two instances that want the same turns must not wait for each other in a circle.
      insert into talkme.turn as t (recipient)
      select recipient from ready where fits and has_slot and gap is not null order by recipient
      on conflict (recipient) do update set number = t.number + 1, taken_at = now()
      where t.number = (select seen.number from talkme.turn as seen where seen.recipient = excluded.recipient)
      returning recipient
    ),
    fate as (
      select
        j.*,
        case
          when j.ending is not null then j.ending
          when j.opens_at > now() then 'outside_window'
          when j.gap_until is not null then 'recipient_gap'
          -- Another row of the recipient goes now, or has just gone.
          when r.id is null then 'recipient_gap'
          when j.gap is not null and j.recipient not in (select recipient from taken) then 'recipient_gap'
        end as code
      from judged as j
      left join ready as r on r.id = j.id
      -- The others were only looked at.
      where r.id is null or (r.fits and r.has_slot)
    )
    select
      (select true from self),
      (select array_agg(distinct wish.account) from wish where not wish.allowed),
      array_agg(fate.place) filter (where code is null),
      array_agg(row(
        fate.id, fate.due_at,
        case code
          when 'outside_window' then opens_at
          when 'recipient_gap' then coalesce(gap_until, now() + least(gap, interval '1 second'))
        end,
        code
      )::talkme.fate) filter (where code is not null)
    into registered, held, mine, fates
    from fate;
  end if;

  if registered is null then
    kind := 'unregistered';
    return next;
    return;
  end if;
  kind := 'held';
  foreach account in array coalesce(held, '{}') loop return next; end loop;

  -- 3. It happens to them. In statements of their own, which see what was locked as it is: nobody moves it any more.
  if mine is not null then
    return query
      update talkme.outbox as o set
        status     = 'sending',
        attempts   = o.attempts + 1,
        fence      = o.fence + 1,
        claim      = turn,
        claimed_by = claimer,
        claimed_at = now()
      where o.ctid = any(mine)
      returning
        -- Unless a trigger has made something else of it.
        case when o.status = 'sending' and o.claim = turn and o.claimed_by = claimer then 'claimed' else 'rewritten' end,
        o.id, o.fence, o.account, o.id_campanha, o.id_wpp, o.numero_dest, o.email_dest,
        -- As it was judged; the daemon sends to nobody else.
        case when o.email_dest is null then o.recipient else talkme.recipient_of(o.numero_dest, o.email_dest) end,
        o.txtmsg, o.assunto,
        o.info_contato, o.attempts, o.max_attempts, o.on_unknown, o.lane, o.priority,
        round(date_part('epoch', greatest(o.due_at, '1900-01-01')) * 1000000)::bigint,
        date_part('epoch', clock_timestamp() - greatest(o.due_at, '1900-01-01')) * 1000,
        case when isfinite(o.expires_at) then date_part('epoch', o.expires_at - now()) * 1000 end,
        o.metadata->>'traceparent', talkme.seal(o.numero_dest, o.email_dest);
    get diagnostics done = row_count;
    if done < cardinality(mine) then
      return query
        select
          'kept_by_trigger', o.id, null::integer, o.account, null::bigint, null::bigint, o.numero_dest, null::text, null::text,
          null::text, null::text, null::jsonb, o.attempts, null::smallint, null::text, o.lane, o.priority,
          round(date_part('epoch', greatest(o.due_at, '1900-01-01')) * 1000000)::bigint, null::double precision,
          null::double precision, null::text, null::integer
        from talkme.outbox as o
        where o.ctid = any(mine) and o.status = 'pending';
    end if;
  end if;

  if fates is not null then
    for kind, id, account, "numeroDest", attempts, lane, priority, "dueAtUs" in
      update talkme.outbox as o set
        status      = case
                        when f.code = 'expired' then 'expired' when f.code = 'claim_unsettled' then 'unknown'
                        when f.until is null then 'cancelled' else 'pending'
                      end,
        claim       = abs(o.claim),
        finished_at = case when f.until is null and f.code <> 'claim_unsettled' then now() end,
        retry_at    = coalesce(f.until, o.retry_at),
        error_code  = f.code,
        error       = fate_errors::jsonb ->> f.code,
        fence       = o.fence + case when f.until is null then 1 else 0 end,
        claimed_by  = case when f.code = 'claim_unsettled' then o.claimed_by when f.until is null then claimer end,
        claimed_at  = case when f.code = 'claim_unsettled' then o.claimed_at when f.until is null then now() end
      from unnest(fates) as f
      where o.id = f.id
      returning
        f.code, o.id, o.account, o.numero_dest, o.attempts, o.lane, o.priority,
        round(date_part('epoch', greatest(f.due_at, '1900-01-01')) * 1000000)::bigint
    loop
      return next;
      settled_fates := settled_fates || id;
    end loop;
    -- A trigger leaves them as they are: nobody waits behind them all the same.
    if cardinality(settled_fates) < cardinality(fates) then
      kind := 'kept_by_trigger';
      for id, account, "numeroDest", attempts, lane, priority, "dueAtUs" in
        select
          o.id, o.account, o.numero_dest, o.attempts, o.lane, o.priority,
          round(date_part('epoch', greatest(f.due_at, '1900-01-01')) * 1000000)::bigint
        from unnest(fates) as f
        join talkme.outbox as o on o.id = f.id
        where f.id <> all(settled_fates)
      loop
        return next;
      end loop;
    end if;
  end if;
end
$$;

comment on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) is
  'A turn of the daemon: settles answers, records their attempts and claims rows';

-- With the rights of who calls it: it does what talkme_daemon may do anyway.
revoke execute on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) from public;
grant execute on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) to talkme_daemon;
