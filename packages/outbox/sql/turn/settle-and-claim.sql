-- The hot path of the daemon: settles answers, records their attempts and claims the next rows, in one round trip and one commit.
-- Its guarantees stand at its caller: packages/outbox/src/queries/settle-and-claim.ts.
--
-- It is a function because each connection plans a function's statements once. Sent as text, they were planned at each turn, which
-- took longer than running them: 3.1 ms of the server's processor time for a turn of one row, against 0.74 ms; 4.6 ms for one of
-- 32 rows, against 2.3 ms. Not every pooler in transaction mode supports named prepared statements.
--
-- A kept plan is made when the daemon starts, perhaps over an empty table, and must suit the millions of rows that follow. So it
-- leaves nothing to statistics: it is generic, and uses only index scans and nested loops. Without these settings it read the
-- whole table at each turn, by a sequential scan or, with that off, by a hash join over a whole index. For the same reason it
-- searches large tables by scalar subqueries, not by exists(), which may become a hash table of the whole table.
-- packages/outbox/test/hot-path-plans.test.ts shows what is read.
create or replace function talkme.settle_and_claim(
  claimer text, claimer_epoch bigint, turn bigint, answers json, around_locks boolean, wishes json, slots integer, restricted boolean,
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
-- A trigger may wait for somebody's lock: it holds up everybody for no longer than this.
set lock_timeout = '500ms'
set jit = off
as $$
#variable_conflict use_column
declare
  patience   constant text := current_setting('lock_timeout');
  -- What set_config returns: an assignment starts no statement, as perform would.
  setting    text;
  others     json    := answers;
  rewritten  text;
  registered boolean;
  durable    text;
  stop       text;
  refused    text[];
  mine       tid[];
  fates      talkme.fate[];
  done       bigint;
begin
  -- The commit reaches the disk before a request is made, even where commits do not wait for it by default.
  if current_setting('synchronous_commit') = 'off' then
    setting := set_config('synchronous_commit', 'local', true);
  end if;
  -- PostgreSQL warns the caller when a standby did not confirm the commit: the warning must get through.
  if current_setting('client_min_messages') = 'error' then
    setting := set_config('client_min_messages', 'warning', true);
  end if;

  -- 1. The answers. Nearly always a row is as its first claim left it, and its answer ends it: that takes one step. If somebody has
  -- locked the row, it waits only a moment: then the daemon repeats the turn with around_locks.
  --
  -- A row is settled when the returned row says so. A customer's trigger may suppress the update, which is reported, or change
  -- the row otherwise, which undoes the turn.
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

  -- The other answers. A row whose answer could not be written is still sending: its slot is not free.
  if others is not null then
    for kind, id in select * from talkme.settle_others(others) loop
      return next;
      if kind in ('locked', 'changed', 'suppressed_settlement', 'history_open') then
        slots := slots - 1;
      end if;
    end loop;
    id := null;
  end if;
  slots := greatest(slots, 0);

  -- 2. Decide what becomes of the rows at the front of the lanes, and lock them.
  if wishes is null then
    select true, durability into registered, durable from talkme.instance where name = claimer;
  elsif restricted then
    select * into registered, durable, stop, refused, mine, fates
    from talkme.pick_restricted(wishes, claimer, claimer_epoch, slots);
  else
    with self as materialized (select * from talkme.judge_claimer(claimer)),
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
      where wish.allowed and (select self.epoch = claimer_epoch and self.may and self.stop is null from self)
      limit slots
    )
    select
      (select true from self),
      (select self.durability from self),
      (select self.stop from self),
      (select array_agg(distinct wish.account) from wish where not wish.allowed),
      array_agg(met.place) filter (where ending is null),
      array_agg(row(met.id, met.due_at, null, ending)::talkme.fate) filter (where ending is not null)
    into registered, durable, stop, refused, mine, fates
    from met;
  end if;

  if registered is null then
    kind := 'unregistered';
    return next;
    return;
  end if;
  if stop is not null then
    kind := stop;
    return next;
    return;
  end if;
  kind := 'refused_account';
  foreach account in array coalesce(refused, '{}') loop return next; end loop;

  -- 3. Do it, in statements of their own, which see the locked rows as they are: nobody can change them now.
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
        -- A trigger may have changed it.
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
      select * from talkme.end_or_put_off(fates, fate_errors::jsonb, claimer)
    loop
      return next;
    end loop;
  end if;

  -- 4. How durable this is. Last, because a customer's trigger may set it, too.
  if durable = 'standby' then
    if mine is null then
      -- Whatever the instance does next begins with a claim, whose confirmation covers all that was committed before.
      setting := set_config('synchronous_commit', 'local', true);
    else
      if current_setting('synchronous_commit') <> 'remote_apply' then
        setting := set_config('synchronous_commit', 'on', true);
      end if;
      kind := 'to_confirm';
      "dueAtUs" := round(date_part('epoch', now()) * 1000000)::bigint;
      return next;
    end if;
    if wishes is not null and not talkme.can_claim(durable) then
      kind := 'no_standby';
      return next;
    end if;
  end if;
end
$$;

comment on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) is
  'A turn of the daemon: settles answers, records their attempts and claims rows';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) from public;
grant execute on function talkme.settle_and_claim(text, bigint, bigint, json, boolean, json, integer, boolean, text) to talkme_daemon;
