-- What people do with rows, and what they ask about them: enqueue, cancel, retry, resolve, explain, history, and the views
-- stats and failures.

-- Who may do it ---------------------------------------------------------------------------------------------------

-- By name, and asked when it is needed: the roles come with a later migration, and a company may drop one.
create function talkme.caller_is(roles name[]) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select from pg_roles as r
    where (
        r.rolname = any (roles)
        or r.oid = (select c.relowner from pg_class as c where c.oid = 'talkme.outbox'::regclass)
      )
      and pg_has_role(talkme.caller(), r.oid, 'member')
  );
end;

comment on function talkme.caller_is(name[]) is 'Whether the caller is a member of one of the roles, or of the owner of talkme.outbox';

create function talkme.caller_is_creator(created_by name) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  -- The role may have been dropped since.
  select created_by = talkme.caller() or exists (
    select from pg_roles as r where r.rolname = created_by and pg_has_role(talkme.caller(), r.oid, 'member')
  );
end;

comment on function talkme.caller_is_creator(name) is 'Whether the caller is the role that inserted a row, or a member of it';


-- What was done ---------------------------------------------------------------------------------------------------

-- One entry of talkme.audit may be about a million rows, and what people ask is what was done with one of them.
create table talkme.audit_row (
  outbox_id     bigint      not null,
  audit_id      bigint      not null,

  constraint audit_row_pkey primary key (outbox_id, audit_id)
);

comment on table talkme.audit_row is 'Which rows the cancel, retry and resolve entries of talkme.audit are about; talkme.history shows them';
comment on column talkme.audit_row.outbox_id is 'The row of talkme.outbox, which may be deleted by now';
comment on column talkme.audit_row.audit_id is 'The entry of talkme.audit';

create function talkme.record_action(action text, about jsonb, ids bigint[], reason text) returns void
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  with entry as (
    insert into talkme.audit (action, about, rows, reason) values (action, about, cardinality(ids), reason) returning id
  )
  insert into talkme.audit_row (outbox_id, audit_id) select unnest(ids), entry.id from entry;
end;

comment on function talkme.record_action(text, jsonb, bigint[], text) is
  'Writes an entry of talkme.audit in the name of the caller, and which rows it is about';


-- Insert ----------------------------------------------------------------------------------------------------------

create function talkme.enqueue(
  numero_dest      text        default null,
  id_campanha      bigint      default null,
  info_contato     jsonb       default null,
  id_wpp           bigint      default null,
  email_dest       text        default null,
  txtmsg           text        default null,
  assunto          text        default null,
  account          text        default null,
  priority         integer     default null,
  send_at          timestamptz default null,
  expires_at       timestamptz default null,
  dedupe_key       text        default null,
  max_attempts     integer     default null,
  on_unknown       text        default null,
  metadata         jsonb       default null,
  on_duplicate_key text        default 'refuse'
) returns bigint
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  if on_duplicate_key is distinct from 'refuse' and on_duplicate_key is distinct from 'skip' then
    raise exception using
      errcode = 'invalid_parameter_value', schema = 'talkme', table = 'outbox',
      constraint = 'outbox_on_duplicate_key_known',
      message = format('on_duplicate_key cannot be %s', coalesce(quote_literal(on_duplicate_key), 'null')),
      hint = 'Write refuse (a dedupe_key that exists fails the call) or skip (the call returns null), or leave it out for refuse.';
  end if;
  -- ON CONFLICT names no constraint: that would need the privilege to read its columns.
  if on_duplicate_key = 'skip' then
    insert into talkme.outbox as o (
      account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
      priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata
    ) values (
      coalesce(enqueue.account, 'default'), enqueue.id_campanha, enqueue.id_wpp, enqueue.numero_dest, enqueue.email_dest,
      enqueue.txtmsg, enqueue.assunto, enqueue.info_contato, coalesce(enqueue.priority, 0), coalesce(enqueue.send_at, now()),
      enqueue.expires_at, enqueue.dedupe_key, enqueue.max_attempts, enqueue.on_unknown, enqueue.metadata
    )
    on conflict do nothing
    returning o.id into id;
  else
    insert into talkme.outbox as o (
      account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
      priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata
    ) values (
      coalesce(enqueue.account, 'default'), enqueue.id_campanha, enqueue.id_wpp, enqueue.numero_dest, enqueue.email_dest,
      enqueue.txtmsg, enqueue.assunto, enqueue.info_contato, coalesce(enqueue.priority, 0), coalesce(enqueue.send_at, now()),
      enqueue.expires_at, enqueue.dedupe_key, enqueue.max_attempts, enqueue.on_unknown, enqueue.metadata
    )
    returning o.id into id;
  end if;
  return id;
end
$$;

comment on function talkme.enqueue(
  text, bigint, jsonb, bigint, text, text, text, text, integer, timestamptz, timestamptz, text, integer, text, jsonb, text
) is
  'Inserts a message and returns its id; arguments as the columns of talkme.outbox, null for a column''s default. on_duplicate_key => ''skip'' returns null where the dedupe_key exists';


-- One row ---------------------------------------------------------------------------------------------------------

create function talkme.say_time(at timestamptz) returns text
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  -- As ::text writes it where the session has not chosen another style of dates.
  select case when isfinite(at) then to_char(at, 'YYYY-MM-DD HH24:MI:SSOF') else at::text end;
end;

comment on function talkme.say_time(timestamptz) is 'A time as people read it, in the time zone of the session';

create function talkme.find_row(id bigint, readers name[]) returns talkme.outbox
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  o talkme.outbox;
begin
  select * into o from talkme.outbox as r where r.id = find_row.id;
  if o.id is null or not (talkme.caller_is(readers) or coalesce(talkme.caller_is_creator(o.created_by), false)) then
    return null;
  end if;
  return o;
end
$$;

comment on function talkme.find_row(bigint, name[]) is
  'A row, if there is one and the caller has inserted it or is a member of one of the roles';

create function talkme.refuse_action(rule text, complaint text, remedy text, state text default '55000') returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using
    errcode = state, schema = 'talkme', table = 'outbox', constraint = rule, message = complaint, hint = remedy;
end
$$;

comment on function talkme.refuse_action(text, text, text, text) is
  'Refuses what was to be done with rows, under the name of a rule; 55000 says that a row is not in the state for it';

create function talkme.refuse_no_row(id bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  complaint constant text := case when id is null then 'the id is null' else format('there is no row %s', id) end;
  remedy    constant text := 'Take the id that the insert returned. A row that somebody else has inserted, or you by an earlier name of your role, looks the same, unless you may see all rows.';
begin
  perform talkme.refuse_action('outbox_row_exists', complaint, remedy, 'P0002');
end
$$;

comment on function talkme.refuse_no_row(bigint) is 'Refuses the number of a row that is not there, or not for the caller to see';

-- The state of a row and what to do instead, where something cannot be done with it.
create function talkme.refuse_state(rule text, doing text, o talkme.outbox) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  complaint constant text := format('row %s cannot be %s: it is %s', o.id, doing, case o.status
    when 'pending' then 'pending, and waits to be sent'
    when 'sending' then format('sending, on the wire with %s since %s', o.claimed_by, talkme.say_time(o.claimed_at))
    when 'unknown' then 'unknown: it may have been sent'
    else format('%s since %s', o.status, talkme.say_time(o.finished_at))
  end);
  remedy    constant text := case o.status
    when 'pending' then format('talkme.explain(%s) says what it waits for; talkme.cancel(%s) stops it.', o.id, o.id)
    when 'sending' then format('Wait for its answer, a matter of seconds. talkme.explain(%s) says what becomes of it.', o.id)
    when 'sent' then 'What Talk.me has accepted cannot be called back. To send it once more, insert it again.'
    when 'unknown' then format(
      'Look for it in Talk.me, then say what you found: talkme.resolve(%s, ''sent'') or ''failed'', or ''resend'' to send it again.',
      o.id
    )
    when 'expired' then format(
      'It is not going to be sent. talkme.retry(%s, expires_at => now() + interval ''2 hours'') has it sent after all.', o.id
    )
    else format('It is not going to be sent. talkme.retry(%s) has it sent after all.', o.id)
  end;
begin
  perform talkme.refuse_action(rule, complaint, remedy);
end
$$;

comment on function talkme.refuse_state(text, text, talkme.outbox) is
  'Refuses what the state of a row does not allow, and says which state that is and what to do instead';

create function talkme.cancel(id bigint, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  is_operator constant boolean := talkme.caller_is('{talkme_operator}');
  o talkme.outbox;
begin
  update talkme.outbox as r
  set status = 'cancelled', finished_at = now()
  where r.id = cancel.id and r.status = 'pending' and (is_operator or talkme.caller_is_creator(r.created_by))
  returning r.* into o;
  if not found then
    o := talkme.find_row(id, '{talkme_operator}');
    if o.id is null then
      perform talkme.refuse_no_row(id);
    end if;
    perform talkme.refuse_state('outbox_cancel_pending', 'cancelled', o);
  end if;
  perform talkme.record_action('cancel', jsonb_build_object('id', o.id), array[o.id], reason);
  return format('Row %s is cancelled.', o.id);
end
$$;

comment on function talkme.cancel(bigint, text) is 'Cancels a row that waits, also one that is held; refuses a row in any other state, and says which';

-- Null where nothing stands against it.
create function talkme.obstacle_to_resend(o talkme.outbox, expires_at timestamptz) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return case
    when o.blanked_at is not null or o.error_code = 'forgotten' then 'its personal data was removed'
    when coalesce(expires_at, o.expires_at) <= now() then 'its expires_at has passed'
    when exists (select from talkme.suppression as s where s.recipient in (o.recipient, talkme.address_key(o.email_dest))) then 'its recipient is suppressed'
  end;
end
$$;

comment on function talkme.obstacle_to_resend(talkme.outbox, timestamptz) is
  'Why a row would not be sent if it became pending, with another expires_at where one is given; null where it would';

create function talkme.refuse_obstacle(doing text, o talkme.outbox, obstacle text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  rule      constant text := case obstacle
    when 'its personal data was removed' then 'outbox_resend_has_data'
    when 'its expires_at has passed' then 'outbox_resend_expires_later'
    else 'outbox_resend_not_suppressed'
  end;
  complaint constant text := format('row %s cannot be %s: %s', o.id, doing, obstacle);
  remedy    constant text := case obstacle
    when 'its personal data was removed' then 'To write to the person again, insert a new row.'
    when 'its expires_at has passed' then case o.status
      when 'unknown' then format('Resolve it as failed, then call talkme.retry(%s, expires_at => now() + interval ''2 hours'').', o.id)
      else format('Give a later one: talkme.retry(%s, expires_at => now() + interval ''2 hours''), or ''infinity'' for none.', o.id)
    end
    else 'talkme.suppression says why. If the person may be written to again: talkme.unsuppress, then this again.'
  end;
begin
  perform talkme.refuse_action(rule, complaint, remedy);
end
$$;

comment on function talkme.refuse_obstacle(text, talkme.outbox, text) is 'Refuses to send a row again, under a rule for each obstacle';

-- What talkme.retry and talkme.retry_where set. A row that was cancelled gets back what it waited for: the time of its next
-- try, its attempts, or the hold that it was under.
create function talkme.bring_back(ids bigint[], expires_at timestamptz) returns setof talkme.outbox
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  update talkme.outbox as o
  set status = 'pending',
    finished_at = null,
    claim       = null,
    attempts    = case when o.status = 'cancelled' then o.attempts else 0 end,
    retry_at    = case when o.status = 'cancelled' then o.retry_at end,
    claimed_by  = case when o.status = 'cancelled' then o.claimed_by end,
    claimed_at  = case when o.status = 'cancelled' then o.claimed_at end,
    error_code  = case when o.error_code is distinct from 'suppressed' then o.error_code end,
    error       = case when o.error_code is distinct from 'suppressed' then o.error end
  where o.id = any (ids) and o.status in ('failed', 'expired', 'cancelled')
  returning o.*;

  -- In a statement of its own: it has the row checked as at the insert.
  if expires_at is not null then
    update talkme.outbox as o set expires_at = bring_back.expires_at where o.id = any (ids) and o.status = 'pending';
  end if;
end
$$;

comment on function talkme.bring_back(bigint[], timestamptz) is
  'Makes failed, expired and cancelled rows pending, with another expires_at where one is given; returns them';

create function talkme.may_have_been_sent(id bigint) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (select from talkme.attempt as t where t.outbox_id = id and t.outcome = 'unknown');
end;

comment on function talkme.may_have_been_sent(bigint) is 'Whether of one of a row''s attempts nobody knows if it was sent';

create function talkme.retry(id bigint, expires_at timestamptz default null, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o        talkme.outbox := talkme.find_row(id, '{talkme_operator}');
  obstacle text := talkme.obstacle_to_resend(o, expires_at);
begin
  if o.id is null then
    perform talkme.refuse_no_row(id);
  elsif o.status not in ('failed', 'expired', 'cancelled') then
    perform talkme.refuse_state('outbox_retry_ended', 'tried again', o);
  elsif obstacle is not null then
    perform talkme.refuse_obstacle('tried again', o, obstacle);
  end if;

  select r.* into o from talkme.bring_back(array[retry.id], retry.expires_at) as r;
  if not found then
    -- Somebody was faster.
    perform talkme.refuse_state('outbox_retry_ended', 'tried again', talkme.find_row(id, '{talkme_operator}'));
  end if;
  perform talkme.notify_daemon();
  perform talkme.record_action('retry', jsonb_build_object('id', o.id), array[o.id], reason);
  return case
    when o.retry_at = talkme.held_until() then format(
      'Row %s is pending, and held as it was before it was cancelled. talkme.resume(''campaign:%s'') lets it go.',
      o.id, o.id_campanha
    )
    when talkme.may_have_been_sent(o.id) then format(
      'Row %s is pending. An earlier attempt of it may have been sent: then the person gets it twice.', o.id
    )
    else format('Row %s is pending.', o.id)
  end;
end
$$;

comment on function talkme.retry(bigint, timestamptz, text) is
  'Makes a failed, expired or cancelled row pending again, with new attempts; expires_at => gives it a later end, which an expired row needs';

-- What talkme.resolve and talkme.resolve_where set.
create function talkme.decide(ids bigint[], verdict text) returns setof talkme.outbox
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  update talkme.outbox as o
  set status = case verdict when 'sent' then 'sent' when 'failed' then 'failed' when 'resend' then 'pending' end,
    finished_at = case when verdict in ('sent', 'failed') then now() end,
    claim       = case when verdict <> 'resend' then -abs(o.claim) end,
    error_code  = case when verdict <> 'sent' then o.error_code end,
    error       = case when verdict <> 'sent' then o.error end,
    attempts    = case when verdict = 'resend' then 0 else o.attempts end,
    retry_at    = case when verdict <> 'resend' then o.retry_at end,
    claimed_by  = case when verdict <> 'resend' then o.claimed_by end,
    claimed_at  = case when verdict <> 'resend' then o.claimed_at end
  where o.id = any (ids) and o.status = 'unknown'
  returning o.*;
end;

comment on function talkme.decide(bigint[], text) is 'Makes unknown rows sent, failed or pending (resend); returns them';

create function talkme.check_verdict(verdict text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  complaint constant text := format('a row cannot be resolved as %s', coalesce(quote_literal(verdict), 'null'));
  remedy    constant text := 'Write sent (you found it in Talk.me), failed (it is not there, and shall not be sent) or resend (it is not there, and shall be sent again).';
begin
  if verdict is null or verdict not in ('sent', 'failed', 'resend') then
    perform talkme.refuse_action('outbox_resolve_verdict', complaint, remedy, '22023');
  end if;
end
$$;

comment on function talkme.check_verdict(text) is 'Refuses what is neither sent, failed nor resend';

create function talkme.resolve(id bigint, verdict text, note text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o        talkme.outbox := talkme.find_row(id, '{talkme_operator}');
  obstacle text := talkme.obstacle_to_resend(o, null);
begin
  perform talkme.check_verdict(verdict);
  if o.id is null then
    perform talkme.refuse_no_row(id);
  elsif o.status <> 'unknown' then
    perform talkme.refuse_state('outbox_resolve_unknown', 'resolved', o);
  elsif verdict = 'resend' and obstacle is not null then
    perform talkme.refuse_obstacle('sent again', o, obstacle);
  end if;

  select r.* into o from talkme.decide(array[resolve.id], verdict) as r;
  if not found then
    -- Its true answer came, or somebody was faster.
    perform talkme.refuse_state('outbox_resolve_unknown', 'resolved', talkme.find_row(id, '{talkme_operator}'));
  end if;
  if verdict = 'resend' then
    perform talkme.notify_daemon();
  end if;
  perform talkme.record_action('resolve', jsonb_build_object('id', o.id, 'as', verdict), array[o.id], note);
  return format('Row %s is %s.', o.id, o.status);
end
$$;

comment on function talkme.resolve(bigint, text, text) is
  'Decides about an unknown row: sent, failed, or resend, which may message a person twice if you are wrong';


-- Many rows -------------------------------------------------------------------------------------------------------

create type talkme.touched as (what text, status text, error_code text, rows bigint);

comment on type talkme.touched is 'What cancel_where, retry_where and resolve_where did, or would do, with how many rows of each kind';

-- Skips through the index, one descent for each lane, however many rows stand in it.
create function talkme.waiting_lanes(account text, id_campanha bigint, id_wpp bigint) returns text[]
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  with recursive found (lane) as (
    (select o.lane from talkme.outbox as o where o.status = 'pending' order by o.lane limit 1)
    union all
    select next.lane
    from found
    cross join lateral (
      select o.lane from talkme.outbox as o where o.status = 'pending' and o.lane > found.lane order by o.lane limit 1
    ) as next
  )
  select array_agg(f.lane)
  from found as f
  where (account is null or split_part(f.lane, '/', 1) = account)
    and (id_campanha is null or split_part(f.lane, '/', 2) = id_campanha::text)
    and (id_wpp is null or split_part(f.lane, '/', 3) = id_wpp::text);
end;

comment on function talkme.waiting_lanes(text, bigint, bigint) is
  'The lanes with waiting rows, of an account, campaign and channel where they are given';

create function talkme.check_filter(
  status text, allowed text[], error_code text, account text, id_campanha bigint, id_wpp bigint,
  since timestamptz, until timestamptz
) returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := jsonb_strip_nulls(jsonb_build_object(
    'status', status, 'error_code', error_code, 'account', account, 'id_campanha', id_campanha, 'id_wpp', id_wpp,
    'since', since, 'until', until
  ));
  complaint text;
  remedy    text;
begin
  if filter = '{}' then
    remedy := 'Give at least one of status, error_code, account, id_campanha, id_wpp, since and until.';
    perform talkme.refuse_action('outbox_filter_given', 'no filter is given', remedy, '22023');
  elsif status <> all (allowed) then
    complaint := format('nothing can be done here with rows whose status is %L', status);
    remedy := format('The status can be %s.', array_to_string(allowed, ', '));
    perform talkme.refuse_action('outbox_filter_status', complaint, remedy, '22023');
  end if;
  return filter;
end
$$;

comment on function talkme.check_filter(text, text[], text, text, bigint, bigint, timestamptz, timestamptz) is
  'Refuses a filter without conditions, or for a status that does not allow the action; returns it as it is recorded';

create type talkme.match as (id bigint, status text, error_code text, obstacle text);

comment on type talkme.match is 'A row that a filter matches, and what keeps it from being changed';

-- Which rows a filter matches and, if they are to be changed, which of them somebody else has locked.
create function talkme.match_rows(statuses text[], filter jsonb, for_update boolean) returns setof talkme.match
language plpgsql
set search_path = pg_catalog, pg_temp
-- Each combination of conditions is a query of its own: a plan for all of them would serve none.
set plan_cache_mode = force_custom_plan
as $$
declare
  everybodys constant boolean     := talkme.caller_is('{talkme_operator}');
  code       constant text        := filter ->> 'error_code';
  held       constant boolean     := coalesce(code in ('held_burst', 'held_duplicate'), false);
  of_account constant text        := filter ->> 'account';
  campaign   constant bigint      := filter ->> 'id_campanha';
  channel    constant bigint      := filter ->> 'id_wpp';
  since      constant timestamptz := filter ->> 'since';
  until      constant timestamptz := filter ->> 'until';
  lanes      constant text[]      := case
                                       when statuses = '{pending}' and num_nonnulls(of_account, campaign, channel) > 0
                                       then coalesce(talkme.waiting_lanes(of_account, campaign, channel), '{}')
                                     end;
  matched      talkme.match[];
begin
  if statuses = '{pending}' then
    matched := array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = 'pending'
        and (lanes is null or o.lane = any (lanes))
        and (not held or o.retry_at = '9999-01-01 00:00:00+00')
        and (code is null or o.error_code = code)
        and (since is null or o.created_at >= since) and (until is null or o.created_at < until)
        and (everybodys or talkme.caller_is_creator(o.created_by))
    );
  elsif statuses = '{unknown}' then
    matched := array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = 'unknown' and o.status in ('failed', 'unknown', 'expired', 'cancelled')
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.claimed_at >= since) and (until is null or o.claimed_at < until)
        and (everybodys or talkme.caller_is_creator(o.created_by))
    );
  else
    matched := array(
      select (o.id, o.status, o.error_code, null)::talkme.match
      from talkme.outbox as o
      where o.status = any (statuses) and o.status in ('failed', 'unknown', 'expired', 'cancelled')
        and (code is null or o.error_code = code) and (of_account is null or o.account = of_account)
        and (campaign is null or o.id_campanha = campaign) and (channel is null or o.id_wpp = channel)
        and (since is null or o.finished_at >= since) and (until is null or o.finished_at < until)
        and (everybodys or talkme.caller_is_creator(o.created_by))
    );
  end if;

  if not for_update then
    return query select f.* from unnest(matched) as f;
  else
    return query
    with mine as materialized (
      select o.id
      from talkme.outbox as o
      where o.id = any (array(select f.id from unnest(matched) as f)) and o.status = any (statuses)
      for update skip locked
    )
    select f.id, f.status, f.error_code, case when m.id is null then 'somebody else has it locked' end
    from unnest(matched) as f
    left join mine as m using (id);
  end if;
end
$$;

comment on function talkme.match_rows(text[], jsonb, boolean) is
  'The rows that a filter matches, and the caller may change; locks them if they are to be changed, but for those that somebody else has locked';

create function talkme.record_actions(action text, filter jsonb, matched talkme.match[], reason text) returns void
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  select talkme.record_action(
    action, filter, array(select f.id from unnest(matched) as f where f.obstacle is null), reason
  );
end;

comment on function talkme.record_actions(text, jsonb, talkme.match[], text) is
  'Writes the entry of talkme.audit of an action on the rows that a filter matched';

create function talkme.report_touched(matched talkme.match[], done text, go boolean) returns setof talkme.touched
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select
    case
      when f.obstacle is not null then 'left: ' || f.obstacle
      when go then done
      else format('would be %s: add go => true', done)
    end,
    f.status, f.error_code, count(*)
  from unnest(matched) as f
  group by f.obstacle, f.status, f.error_code
  order by f.obstacle is not null, count(*) desc, f.obstacle, f.status, f.error_code;
  if not found then
    return next ('no row matches', null, null, 0)::talkme.touched;
  end if;
end
$$;

comment on function talkme.report_touched(talkme.match[], text, boolean) is
  'What was done, or would be done without go, by status and error_code';

create function talkme.cancel_where(
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  reason      text        default null,
  go          boolean     default false
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(status, '{pending}', error_code, account, id_campanha, id_wpp, since, until);
  matched  talkme.match[];
begin
  matched := array(select m from talkme.match_rows('{pending}', filter, go) as m);
  if go then
    update talkme.outbox as o
    set status = 'cancelled', finished_at = now()
    where o.status = 'pending' and o.id = any (array(select f.id from unnest(matched) as f where f.obstacle is null));
    perform talkme.record_actions('cancel_where', filter, matched, reason);
  end if;
  return query select * from talkme.report_touched(matched, 'cancelled', go);
end
$$;

comment on function talkme.cancel_where(text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean) is
  'Cancels the waiting rows that a filter matches, since and until going by created_at; without go => true it only says how many there are';

create function talkme.retry_where(
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  expires_at  timestamptz default null,
  reason      text        default null,
  go          boolean     default false
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb :=
    talkme.check_filter(status, '{failed,expired,cancelled}', error_code, account, id_campanha, id_wpp, since, until);
  matched  talkme.match[];
begin
  -- Whoever cancelled rows, or gave them an end, meant it: they are brought back only by name.
  matched := array(select m from talkme.match_rows(array[coalesce(status, 'failed')], filter, go) as m);
  matched := array(
    select (f.id, f.status, f.error_code, coalesce(
      f.obstacle,
      talkme.obstacle_to_resend(o, retry_where.expires_at),
      case when talkme.may_have_been_sent(f.id) then 'an attempt may have been sent: talkme.retry(id) sends one again' end
    ))::talkme.match
    from unnest(matched) as f
    left join talkme.outbox as o on o.id = f.id
  );
  if go then
    perform talkme.bring_back(array(select f.id from unnest(matched) as f where f.obstacle is null), expires_at);
    perform talkme.notify_daemon();
    perform talkme.record_actions('retry_where', filter, matched, reason);
  end if;
  return query select * from talkme.report_touched(matched, 'made pending', go);
end
$$;

comment on function talkme.retry_where(text, text, text, bigint, bigint, timestamptz, timestamptz, timestamptz, text, boolean) is
  'Makes the failed rows that a filter matches pending again (with status =>, the expired or the cancelled ones), since and until going by finished_at; without go => true it only says how many there are';

create function talkme.resolve_where(
  verdict     text,
  status      text        default null,
  error_code  text        default null,
  account     text        default null,
  id_campanha bigint      default null,
  id_wpp      bigint      default null,
  since       timestamptz default null,
  until       timestamptz default null,
  reason      text        default null,
  go          boolean     default false
) returns setof talkme.touched
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filter constant jsonb := talkme.check_filter(status, '{unknown}', error_code, account, id_campanha, id_wpp, since, until);
  matched  talkme.match[];
begin
  perform talkme.check_verdict(verdict);
  matched := array(select m from talkme.match_rows('{unknown}', filter, go) as m);
  if verdict = 'resend' then
    matched := array(
      select (f.id, f.status, f.error_code, coalesce(f.obstacle, talkme.obstacle_to_resend(o, null)))::talkme.match
      from unnest(matched) as f
      left join talkme.outbox as o on o.id = f.id
    );
  end if;
  if go then
    perform talkme.decide(array(select f.id from unnest(matched) as f where f.obstacle is null), verdict);
    if verdict = 'resend' then
      perform talkme.notify_daemon();
    end if;
    perform talkme.record_actions('resolve_where', filter || jsonb_build_object('as', verdict), matched, reason);
  end if;
  return query
  select * from talkme.report_touched(matched, case verdict when 'resend' then 'made pending' else 'made ' || verdict end, go);
end
$$;

comment on function talkme.resolve_where(text, text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean) is
  'Decides about the unknown rows that a filter matches, as talkme.resolve does, since and until going by claimed_at; without go => true it only says how many there are';


-- What people ask -------------------------------------------------------------------------------------------------

-- An answer of the API, or somebody's reason, may quote a number.
create function talkme.hide_numbers(text text) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select regexp_replace(
    regexp_replace(text, E'[^\\s@]+@[^\\s@]+', '(address)', 'g'),
    -- Eight digits or more, however they are set apart, but for a date.
    E'(?:[+]|[(]\\d\\d[)] ?|\\y)(?!\\d{4}-\\d\\d-\\d\\d)\\d(?:[ ().-]{0,2}\\d){7,}', '(number)', 'g'
  );
end;

comment on function talkme.hide_numbers(text) is 'A text without the telephone numbers and addresses in it';

create function talkme.actions_on(id bigint) returns setof talkme.audit
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select a.*
  from talkme.audit_row as r
  join talkme.audit as a on a.id = r.audit_id
  where r.outbox_id = actions_on.id
  order by a.id;
end;

comment on function talkme.actions_on(bigint) is 'The entries of talkme.audit about a row';

-- Who brought a row to its end, where a person did.
create function talkme.say_who_ended(o talkme.outbox) returns text
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select format(' by %s', a.who) || coalesce(' (' || talkme.hide_numbers(a.reason) || ')', '')
  from talkme.actions_on(o.id) as a
  where a.at = o.finished_at and a.action ~ '^(cancel|resolve)'
  order by a.id desc
  limit 1;
end;

comment on function talkme.say_who_ended(talkme.outbox) is 'Who cancelled or resolved a row, and why; null where nobody did';

create function talkme.explain_wait_for_time(o talkme.outbox) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  sentence constant text := case when o.error is not null then format(' (%s)', talkme.hide_numbers(rtrim(o.error, '.'))) end;
begin
  return case
    when o.retry_at = talkme.held_until() then format(
      'It is held, %s. talkme.resume(''campaign:%s'') lets the held rows of its campaign go, talkme.cancel(%s) drops this one.',
      case o.error_code
        when 'held_burst' then 'because its insert brought more rows to the campaign than talkme.campaign.burst_limit'
        when 'held_duplicate' then 'because the same recipient was given the same variables a short while ago'
        else 'as an accident'
      end,
      coalesce(o.id_campanha::text, 'ID'), o.id
    )
    when o.due_at <= now() then null
    when o.retry_at is null or o.retry_at < o.send_at then format('It is not due until %s (send_at).', talkme.say_time(o.send_at))
    when o.error_code = 'outside_window' then format(
      'It is outside its sending window until %s.', talkme.say_time(o.retry_at)
    )
    when o.error_code = 'recipient_gap' then format(
      'Its recipient was written to a short while ago, and gets nothing more until %s (recipient_gap).',
      talkme.say_time(o.retry_at)
    )
    when o.error_code is null then format('It is not tried before %s (retry_at).', talkme.say_time(o.retry_at))
    else format(
      '%s failed with %s%s. It is tried again at %s.',
      case when o.attempts > 0 then 'Attempt ' || o.attempts else 'The last attempt, which does not count,' end,
      o.error_code, coalesce(sentence, ''), talkme.say_time(o.retry_at)
    )
  end;
end
$$;

comment on function talkme.explain_wait_for_time(talkme.outbox) is 'Why a waiting row is not due, and when it is; null where it is due';

-- What keeps a whole account, campaign or channel from being sent.
create function talkme.explain_stops(o talkme.outbox) returns setof text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select format(
    '%s is paused by %s since %s (%s): talkme.resume(%L) ends it.',
    case p.scope when 'all' then 'Everything' else initcap(split_part(p.scope, ':', 1)) || ' ' || split_part(p.scope, ':', 2) end,
    p.paused_by, talkme.say_time(p.paused_at), talkme.hide_numbers(p.reason), p.scope
  )
  from talkme.paused as p
  where p.scope in ('all', 'account:' || o.account, 'campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
  order by p.scope;

  return query
  select format('Campaign %s (%s) is not active: see talkme.campaign.', c.id_campanha, c.name)
  from talkme.campaign as c
  where c.account = o.account and c.id_campanha = o.id_campanha and not c.active;

  return query
  select format(
    'The circuit of account %s%s is open since %s, because %s. %s',
    c.account, case when c.credential <> '' then format(', for the token of instance %s alone,', c.reported_by) end,
    talkme.say_time(c.opened_at),
    case c.kind
      when 'not_found' then 'the API answered 404, and a third one in a row is said to lock the token'
      when 'authentication' then 'the API refuses the account'
      when 'trouble' then 'too many requests in a row came to nothing'
      when 'throttled' then 'the API asked to be sent less'
    end,
    case
      when c.half_open_at > now() then format(
        'One row is tried at %s; talkme.resume(''account:%s'') has it tried at once.', talkme.say_time(c.half_open_at), c.account
      )
      else 'One row is tried now.'
    end
  )
  from talkme.circuit as c
  where c.account = o.account and c.kind is not null
    and (c.credential = '' or c.reported_by in (select i.name from talkme.instance as i));

  return query
  select format(
    '%s: its rows wait until %s. If it is mended, talkme.resume(%L) has one row tried at once.',
    case
      when l.not_founds > 0
        then format('The API did not find the campaign or channel (404, %s in a row)', l.not_founds)
      else 'The API answered to the campaign or channel in words that no response rule knows (see the rows that are unknown)'
    end,
    talkme.say_time(l.quiet_until), coalesce('campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
  )
  from talkme.lane as l
  where l.lane = o.lane and l.quiet_until > now();
end
$$;

comment on function talkme.explain_stops(talkme.outbox) is
  'The pauses, open circuits and so on that keep the rows of an account, campaign or channel waiting';

-- What becomes of a due row that nothing stops.
create function talkme.explain_turn(o talkme.outbox) returns setof text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  -- Walking further would take longer than anybody cares.
  countable    constant integer := 10000;
  ahead        bigint;
  open_minutes int4multirange;
  opens_at     timestamptz;
begin
  if not exists (
    select from talkme.instance as i where i.heartbeat_at >= now() - i.lease_seconds * interval '1 second'
  ) then
    return next 'No syncd is running: talkme.instance has none that was heard of within its lease.';
  end if;

  open_minutes := coalesce(
    (select c.open_minutes from talkme.campaign as c where c.account = o.account and c.id_campanha = o.id_campanha),
    (select a.open_minutes from talkme.account as a where a.account = o.account)
  );
  if open_minutes is not null then
    opens_at := talkme.opens_at(open_minutes, o.recipient, now());
    if opens_at > now() then
      return next format('It is outside its sending window until %s.', talkme.say_time(opens_at));
      return;
    end if;
  end if;

  return query
  select format('The rate of %s is used up until %s.', replace(p.scope, ':', ' '), talkme.say_time(p.next_at))
  from talkme.pace as p
  where p.scope in ('account:' || o.account, 'campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
    and p.next_at > now()
  order by p.scope;

  -- Two ranges of the index: what goes first by its priority, and what has been due for longer.
  select count(*) into ahead
  from (
    (
      select from talkme.outbox as r
      where r.status = 'pending' and r.lane = o.lane and r.priority < o.priority and r.due_at <= now()
      limit countable
    )
    union all
    (
      select from talkme.outbox as r
      where r.status = 'pending' and r.lane = o.lane and r.priority = o.priority and (r.due_at, r.id) < (o.due_at, o.id)
      limit countable
    )
  ) as earlier;
  return next case
    when ahead = 0 then 'It is the next of its account, campaign and channel'
    when ahead < countable then format(
      'It waits for its turn: %s due row(s) of its account, campaign and channel stand before it', ahead
    )
    else format(
      'It waits for its turn: %s due rows or more of its account, campaign and channel stand before it', countable
    )
  end || case
    when o.due_at < now() - interval '1 minute' then format(
      '. It has been due since %s; if nothing of account %s is sent, syncd may not be configured for it: see syncd check.',
      talkme.say_time(o.due_at), o.account
    )
    else '.'
  end;
end
$$;

comment on function talkme.explain_turn(talkme.outbox) is 'What a due row waits for that nothing stops';

create function talkme.explain_pending(o talkme.outbox) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  reasons text[];
begin
  reasons := array(select format(
    'Its recipient was suppressed by %s at %s (%s): it is cancelled when its turn comes.',
    s.suppressed_by, talkme.say_time(s.suppressed_at), talkme.hide_numbers(s.reason)
  )
  from talkme.suppression as s
  where s.recipient in (o.recipient, talkme.address_key(o.email_dest)));
  if o.expires_at <= now() then
    reasons := reasons || format(
      'Its expires_at passed at %s: it becomes expired within some 15 seconds while any syncd runs.', talkme.say_time(o.expires_at)
    );
  end if;
  reasons := reasons || talkme.explain_wait_for_time(o) || array(select talkme.explain_stops(o));
  reasons := array_remove(reasons, null);
  if reasons = '{}' then
    reasons := array(select talkme.explain_turn(o));
  end if;
  return format('Row %s is pending. %s', o.id, array_to_string(reasons, ' '));
end
$$;

comment on function talkme.explain_pending(talkme.outbox) is 'Everything that a pending row waits for';

create function talkme.explain_sending(o talkme.outbox) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  holder talkme.instance;
begin
  select * into holder from talkme.instance as i where i.name = o.claimed_by;
  return format('Row %s is in flight on instance %s since %s.', o.id, o.claimed_by, talkme.say_time(o.claimed_at)) || case
    when holder.name is null then ' That instance is gone: the row is rescued within seconds while any syncd runs.'
    when holder.heartbeat_at < now() - holder.lease_seconds * interval '1 second' then format(
      ' That instance was last heard of at %s, longer ago than its lease of %s s: it is dead, and the row is rescued while any other syncd runs.',
      talkme.say_time(holder.heartbeat_at), holder.lease_seconds
    )
    else ' Its answer comes within the time-out of a request.'
  end;
end
$$;

comment on function talkme.explain_sending(talkme.outbox) is 'Who has a row on the wire, and whether that instance is alive';

create function talkme.explain(id bigint) returns text
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o        constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon}');
  ended_at constant text := talkme.say_time(o.finished_at);
  ended_by constant text := coalesce(talkme.say_who_ended(o), '');
  why      constant text := o.error_code || coalesce(': ' || talkme.hide_numbers(o.error), '.');
begin
  if o.id is null then
    return format('There is no row %s, or it is not yours to see.', coalesce(id::text, 'null'));
  end if;
  return case o.status
    when 'pending' then talkme.explain_pending(o)
    when 'sending' then talkme.explain_sending(o)
    when 'sent' then case
      when ended_by <> '' then format('Row %s was declared sent at %s%s.', o.id, ended_at, ended_by)
      else format(
        'Row %s was sent at %s: Talk.me accepted it%s. Accepted is not delivered.',
        o.id, ended_at, coalesce(', with reference ' || o.reference, '')
      )
    end
    when 'unknown' then format(
      'Row %s may have been sent (attempt %s, %s). %s. Look for it in Talk.me, then say what you found: talkme.resolve(%s, ''sent'') or ''failed'', or ''resend'' to send it again, which messages the person twice if you are wrong.',
      o.id, o.attempts, talkme.say_time(o.claimed_at), rtrim(coalesce(why, 'Nobody knows'), '.'), o.id
    )
    when 'failed' then case
      when ended_by <> '' then format('Row %s was declared failed at %s%s; before, it was unknown. ', o.id, ended_at, ended_by)
      else format('Row %s failed at %s after %s attempt(s). ', o.id, ended_at, o.attempts)
    end || format('%s Correct what was wrong, then talkme.retry(%s) sends it after all.', why, o.id)
    when 'expired' then format(
      'Row %s expired at %s: it was not sent before %s. talkme.retry(%s, expires_at => now() + interval ''2 hours'') sends it after all.',
      o.id, ended_at, coalesce(talkme.say_time(o.expires_at), 'its expires_at'), o.id
    )
    when 'cancelled' then case
      when o.error_code = 'suppressed' then format(
        'Row %s was cancelled at %s, because its recipient is suppressed%s. talkme.unsuppress ends that; then talkme.retry(%s) sends it after all.',
        o.id, ended_at, coalesce((
          select format(' by %s since %s (%s)', s.suppressed_by, talkme.say_time(s.suppressed_at), talkme.hide_numbers(s.reason))
          from talkme.suppression as s
          where s.recipient in (o.recipient, talkme.address_key(o.email_dest))
        ), ' (no longer: it may be tried again)'), o.id
      )
      when o.error_code = 'forgotten' then format(
        'Row %s was cancelled at %s, because its recipient was forgotten (talkme.forget).', o.id, ended_at
      )
      else format('Row %s was cancelled at %s%s. talkme.retry(%s) brings it back.', o.id, ended_at, ended_by, o.id)
    end
  end || case
    when o.blanked_at is not null then format(
      ' Its personal data was removed at %s, so it cannot be sent again.', talkme.say_time(o.blanked_at)
    )
    else ''
  end;
end
$$;

comment on function talkme.explain(bigint) is 'Why a row has not been sent, or what became of it, and what to do: in sentences, without the recipient';

create function talkme.history(id bigint) returns table (at timestamptz, event text, detail text, by text)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o   constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon}');
  why constant text := o.error_code || coalesce(': ' || talkme.hide_numbers(o.error), '');
begin
  return query
  select h.at, h.event, h.detail, h.by
  from (
    select 1, o.created_at, 'inserted', format('for %s', o.lane), o.created_by::text
    where o.id is not null
    union all
    -- Partitions of earlier months hold none of its attempts.
    select
      2, t.started_at, 'attempt ' || t.attempt || ' ' || t.outcome,
      concat_ws(
        ', ', t.action || ' took ' || t.duration_ms || ' ms', 'HTTP ' || t.http_status, 'reference ' || t.reference,
        t.error_code || coalesce(': ' || talkme.hide_numbers(t.error), '')
      ),
      t.instance
    from talkme.attempt as t
    where t.outbox_id = o.id and t.started_at >= o.created_at
    union all
    select 3, a.at, a.action, 
      concat_ws(', ', talkme.hide_numbers(a.reason), nullif(a.about - 'id', '{}')::text, case when a.rows > 1 then a.rows || ' rows' end), a.who
    from talkme.actions_on(o.id) as a
    union all
    select 4, o.claimed_at, o.status, case o.status when 'sending' then 'claim ' || o.fence else why end, o.claimed_by
    where o.status in ('sending', 'unknown')
    union all
    select 4, o.finished_at, o.status, case o.status when 'sent' then 'reference ' || o.reference else why end, null
    where o.finished_at is not null
    union all
    select 4, o.due_at, 'is due', why, null
    where o.status = 'pending' and o.due_at < talkme.held_until()
    union all
    select 5, o.blanked_at, 'personal data removed', null, null
    where o.blanked_at is not null
  ) as h (step, at, event, detail, by)
  order by h.at, h.step;
end
$$;

comment on function talkme.history(bigint) is
  'The life of a row: its insert, each attempt, what people did with it, and its end; no rows where it is not there, or not yours to see';


-- Sent rows are the most, and none of the indexes for people holds them. A table below 100 MB is counted whole; of a larger
-- one the planner's statistics say how many rows stand in each lane, and those that are not sent are subtracted.
create function talkme.count_rows() returns table (
  account text, id_campanha bigint, id_wpp bigint,
  pending bigint, due bigint, held bigint, oldest_due_at timestamptz, paused boolean, opens_at timestamptz, sending bigint,
  unknown bigint, failed bigint, expired bigint, cancelled bigint, sent bigint, sent_is_estimate boolean
)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  small     constant boolean := pg_relation_size('talkme.outbox') < 100 * 1024 * 1024;
  all_rows  constant double precision := (select c.reltuples from pg_class as c where c.oid = 'talkme.outbox'::regclass);
begin
  return query
  with waiting as (
    select
      o.lane, count(*) as pending, count(*) filter (where o.due_at <= now()) as due,
      count(*) filter (where o.due_at = talkme.held_until()) as held, min(o.due_at) as oldest_due_at
    from talkme.outbox as o
    where o.status = 'pending'
    group by o.lane
  ),
  flying as (
    select o.lane, count(*) as sending from talkme.outbox as o where o.status = 'sending' group by o.lane
  ),
  ended as (
    select
      o.lane,
      count(*) filter (where o.status = 'unknown') as unknown, count(*) filter (where o.status = 'failed') as failed,
      count(*) filter (where o.status = 'expired') as expired, count(*) filter (where o.status = 'cancelled') as cancelled
    from talkme.outbox as o
    where o.status in ('failed', 'unknown', 'expired', 'cancelled')
    group by o.lane
  ),
  counted as (
    select o.lane, count(*) as sent from talkme.outbox as o where small and o.status = 'sent' group by o.lane
  ),
  estimated as (
    select l.lane collate "C" as lane, l.share * all_rows as rows
    from pg_stats as s
    cross join lateral unnest(s.most_common_vals::text::text[], s.most_common_freqs) as l (lane, share)
    where not small and s.schemaname = 'talkme' and s.tablename = 'outbox' and s.attname = 'lane'
  ),
  -- What holds for all rows that wait in a lane. Windows are few, and their arithmetic is not cheap.
  rule as materialized (
    select
      w.lane, talkme.is_paused(l.account, l.id_campanha, l.id_wpp) as paused,
      coalesce(c.open_minutes, a.open_minutes) as open_minutes
    from waiting as w
    cross join lateral (
      select
        split_part(w.lane, '/', 1) as account, nullif(split_part(w.lane, '/', 2), '-')::bigint as id_campanha,
        nullif(split_part(w.lane, '/', 3), '-')::bigint as id_wpp
    ) as l
    left join talkme.account as a on a.account = l.account
    left join talkme.campaign as c on c.account = l.account and c.id_campanha = l.id_campanha
  ),
  opening as materialized (
    select u.open_minutes, talkme.first_opening(u.open_minutes, now()) as at
    from (select distinct r.open_minutes from rule as r where r.open_minutes is not null) as u
  ),
  stopped as (
    select r.lane, r.paused, case when s.at > now() then s.at end as opens_at
    from rule as r
    left join opening as s on s.open_minutes = r.open_minutes
  ),
  merged as (
    select
      lane,
      coalesce(w.pending, 0) as pending, coalesce(w.due, 0) as due, coalesce(w.held, 0) as held,
      case when w.due > 0 then w.oldest_due_at end as oldest_due_at, coalesce(t.paused, false) as paused, t.opens_at,
      coalesce(f.sending, 0) as sending,
      coalesce(e.unknown, 0) as unknown, coalesce(e.failed, 0) as failed, coalesce(e.expired, 0) as expired,
      coalesce(e.cancelled, 0) as cancelled, c.sent, s.rows as estimate,
      coalesce(w.pending, 0) + coalesce(f.sending, 0) + coalesce(e.unknown + e.failed + e.expired + e.cancelled, 0) as others
    from waiting as w
    left join stopped as t using (lane)
    full join flying as f using (lane)
    full join ended as e using (lane)
    full join counted as c using (lane)
    full join estimated as s using (lane)
  )
  select
    split_part(m.lane, '/', 1), nullif(split_part(m.lane, '/', 2), '-')::bigint, nullif(split_part(m.lane, '/', 3), '-')::bigint,
    m.pending, m.due, m.held, m.oldest_due_at, m.paused, m.opens_at, m.sending, m.unknown, m.failed, m.expired, m.cancelled,
    case when small then coalesce(m.sent, 0) else greatest(0, round(m.estimate - m.others))::bigint end, not small
  from merged as m
  union all
  -- What the statistics do not know apart.
  select null, null, null, 0, 0, 0, null, false, null, 0, 0, 0, 0, 0, rest.sent, true
  from (
    select round(all_rows - coalesce(sum(m.estimate), 0) - coalesce(sum(m.others) filter (where m.estimate is null), 0))::bigint as sent
    from merged as m
  ) as rest
  where not small and rest.sent > 0
  order by 1, 2, 3;
end
$$;

comment on function talkme.count_rows() is 'What talkme.stats shows; counts everything but sent rows exactly, without reading them';

create view talkme.stats as select * from talkme.count_rows();

comment on view talkme.stats is 'Rows by status, for each account, campaign and channel';
comment on column talkme.stats.account is 'Account; null for the sent rows of campaigns and channels that are too small for the planner''s statistics';
comment on column talkme.stats.id_campanha is 'Campaign; null where its rows name none';
comment on column talkme.stats.id_wpp is 'Channel; null where its rows name none';
comment on column talkme.stats.pending is 'Rows that wait';
comment on column talkme.stats.due is 'Those of them that are due';
comment on column talkme.stats.held is 'Those of them that are held until talkme.resume or talkme.cancel';
comment on column talkme.stats.oldest_due_at is 'Since when the oldest due row is due';
comment on column talkme.stats.paused is 'Whether a pause holds those that wait, or the campaign is not active';
comment on column talkme.stats.opens_at is 'When their sending window opens in the first part of the country; null where it is open in any, or there is none';
comment on column talkme.stats.sending is 'Rows on the wire';
comment on column talkme.stats.unknown is 'Rows that may have been sent, about which a person has to decide';
comment on column talkme.stats.failed is 'Rows that failed';
comment on column talkme.stats.expired is 'Rows whose expires_at passed';
comment on column talkme.stats.cancelled is 'Rows that were cancelled';
comment on column talkme.stats.sent is 'Rows that were sent; an estimate in a table above 100 MB, and null where there is none for it';
comment on column talkme.stats.sent_is_estimate is 'Whether sent is estimated from the statistics of the last analyze';

-- With the reader's own rights: somebody who may see some rows only finds those.
create view talkme.failures with (security_invoker = true) as
with grouped as (
  select
    o.status, o.error_code, count(*) as rows, max(o.id) as last_id,
    min(coalesce(o.finished_at, o.claimed_at)) as first_at, max(coalesce(o.finished_at, o.claimed_at)) as last_at
  from talkme.outbox as o
  where o.status in ('failed', 'unknown', 'expired', 'cancelled')
  group by o.status, o.error_code
)
select g.status, g.error_code, g.rows, g.first_at, g.last_at, g.last_id, o.error as example
from grouped as g
join talkme.outbox as o on o.id = g.last_id
order by g.rows desc, g.status, g.error_code;

comment on view talkme.failures is 'What was not sent, grouped by the reason, the most frequent first';
comment on column talkme.failures.status is 'failed, unknown, expired or cancelled';
comment on column talkme.failures.error_code is 'Why, as a stable code: see docs/errors.md; null where a person cancelled';
comment on column talkme.failures.rows is 'How many rows';
comment on column talkme.failures.first_at is 'When the first of them came to this; of an unknown row, when it was claimed';
comment on column talkme.failures.last_at is 'When the last of them did';
comment on column talkme.failures.last_id is 'The one that was inserted last';
comment on column talkme.failures.example is 'Its error, in a sentence';

revoke execute on function
  talkme.caller_is(name[]),
  talkme.caller_is_creator(name),
  talkme.record_action(text, jsonb, bigint[], text),
  talkme.enqueue(text, bigint, jsonb, bigint, text, text, text, text, integer, timestamptz, timestamptz, text, integer, text, jsonb, text),
  talkme.say_time(timestamptz),
  talkme.find_row(bigint, name[]),
  talkme.refuse_action(text, text, text, text),
  talkme.refuse_no_row(bigint),
  talkme.refuse_state(text, text, talkme.outbox),
  talkme.cancel(bigint, text),
  talkme.obstacle_to_resend(talkme.outbox, timestamptz),
  talkme.refuse_obstacle(text, talkme.outbox, text),
  talkme.bring_back(bigint[], timestamptz),
  talkme.retry(bigint, timestamptz, text),
  talkme.decide(bigint[], text),
  talkme.check_verdict(text),
  talkme.resolve(bigint, text, text),
  talkme.waiting_lanes(text, bigint, bigint),
  talkme.check_filter(text, text[], text, text, bigint, bigint, timestamptz, timestamptz),
  talkme.match_rows(text[], jsonb, boolean),
  talkme.record_actions(text, jsonb, talkme.match[], text),
  talkme.report_touched(talkme.match[], text, boolean),
  talkme.cancel_where(text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean),
  talkme.retry_where(text, text, text, bigint, bigint, timestamptz, timestamptz, timestamptz, text, boolean),
  talkme.resolve_where(text, text, text, text, bigint, bigint, timestamptz, timestamptz, text, boolean),
  talkme.hide_numbers(text),
  talkme.actions_on(bigint),
  talkme.say_who_ended(talkme.outbox),
  talkme.explain_wait_for_time(talkme.outbox),
  talkme.explain_stops(talkme.outbox),
  talkme.explain_turn(talkme.outbox),
  talkme.explain_pending(talkme.outbox),
  talkme.explain_sending(talkme.outbox),
  talkme.explain(bigint),
  talkme.history(bigint),
  talkme.count_rows()
from public;
