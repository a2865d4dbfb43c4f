-- Personal data has an end: after the retention of its campaign or account a row is blanked, later it is deleted, and
-- talkme.forget does it at once for one person. What is blanked, and when: docs/sql.md.

-- The hash of a recipient --------------------------------------------------------------------------------------------

create table talkme.hash_key (
  singleton     boolean     not null default true,
  key           bytea       not null,

  constraint hash_key_pkey primary key (singleton),
  constraint hash_key_singleton check (singleton)
);

comment on table talkme.hash_key is 'The key of talkme.hash_recipient, made by the migration. Whoever reads it can try all numbers: it is granted to nobody';
comment on column talkme.hash_key.singleton is 'There is one key';
comment on column talkme.hash_key.key is '32 random bytes';

-- Each has 122 bits of the server's strong generator of random numbers.
insert into talkme.hash_key (key)
select sha256(string_agg(uuid_send(gen_random_uuid()), '')) from generate_series(1, 4);

create function talkme.hash_recipient(recipient text) returns text
language sql stable strict
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select '#' || left(encode(sha256(key || convert_to(recipient, 'UTF8')), 'hex'), 32) from talkme.hash_key;
end;

comment on function talkme.hash_recipient(text) is
  'What stands in place of a recipient, or of a dedupe_key, once a row is blanked; only this installation can compute it';

revoke execute on function talkme.hash_recipient(text) from public;


-- Blanking -----------------------------------------------------------------------------------------------------------

-- To blank a row is to give it blanked_at. That it keeps nothing, and takes nothing any more, is held here and not by
-- those who write to it: an answer may come for a row that was blanked while its message was on the wire.
create function talkme.keep_blank() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    perform talkme.outbox_refuse(
      'outbox_blanked_at_insert',
      'a new row cannot be blanked already',
      'Leave blanked_at out: talkme.forget and the retention write it.'
    );
  end if;
  if old.blanked_at is null then
    new.recipient_hash := talkme.hash_recipient(old.recipient);
    -- With the row's number in it: the same key may be used again after this.
    new.dedupe_key := talkme.hash_recipient(new.id || ':' || old.dedupe_key);
  end if;
  new.numero_dest := null;
  new.email_dest := null;
  new.txtmsg := null;
  new.assunto := null;
  new.info_contato := null;
  new.metadata := null;
  new.reference := null;
  new.response := null;
  -- Nobody could look for it in Talk.me any more, or send it again.
  if new.status = 'unknown' then
    new.status := 'failed';
    new.finished_at := now();
    new.error_code := 'forgotten';
    new.error := 'The recipient was forgotten while it was not known whether the message had been sent: it may have been.';
  end if;
  -- Nobody will hear of it any more.
  if new.claim > 0 and new.status <> 'sending' then
    new.claim := -new.claim;
  end if;
  -- It may quote the answer. What is said of a forgotten row are words of our own.
  if new.error_code is distinct from 'forgotten' then
    new.error := null;
  end if;
  return new;
end
$$;

comment on function talkme.keep_blank() is 'Removes the personal data of a row that has blanked_at, whatever is written to it';

revoke execute on function talkme.keep_blank() from public;

create trigger keep_blank
  before insert or update on talkme.outbox
  for each row when (new.blanked_at is not null) execute function talkme.keep_blank();


-- What is to be done, and how far it has come ------------------------------------------------------------------------

create table talkme.retention_progress (
  action        text        not null,
  after         text        not null,
  includes      text[]      not null default '{}',
  excludes      text[]      not null default '{}',
  walked_to     timestamptz not null default '-infinity',
  walked_to_id  bigint      not null default 0,
  skipped_from  timestamptz,
  ended_at      timestamptz,

  constraint retention_progress_pkey primary key (action, after),
  constraint retention_progress_action_known check (action in ('delete', 'blank', 'attempt', 'turn'))
);

comment on table talkme.retention_progress is
  'How far talkme.apply_retention has come. Delete a row, and its part starts over from the oldest row of the outbox';
comment on column talkme.retention_progress.action is
  'blank, delete: rows of the outbox; attempt: partitions of talkme.attempt; turn: recipients in talkme.turn';
comment on column talkme.retention_progress.after is 'So long after the end of a row, as an ISO 8601 duration';
comment on column talkme.retention_progress.includes is 'Accounts, and campaigns as ACCOUNT/ID, for which this is set';
comment on column talkme.retention_progress.excludes is 'Campaigns of these accounts for which something else is set';
comment on column talkme.retention_progress.walked_to is 'All rows that had ended by then have been looked at';
comment on column talkme.retention_progress.walked_to_id is 'And of those that ended at that moment, all up to this id';
comment on column talkme.retention_progress.skipped_from is 'When the first row ended that somebody had locked: the next pass begins there';
comment on column talkme.retention_progress.ended_at is 'When the last pass came to its end; null while one is under way';

-- Rules with the same time share one walk over the rows: a row is read once for each time that is set anywhere, and not
-- once for each campaign. As text, because by = a month is thirty days.
create function talkme.retention_rules(out action text, out after text, out includes text[], out excludes text[])
returns setof record
language sql stable
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
begin atomic
  with setting (action, account, id_campanha, after) as (
    select 'blank', a.account, null::bigint, a.retention::text from talkme.account as a
    union all
    select 'delete', a.account, null, a.delete_after::text from talkme.account as a
    union all
    select 'blank', c.account, c.id_campanha, c.retention::text from talkme.campaign as c
    union all
    select 'delete', c.account, c.id_campanha, c.delete_after::text from talkme.campaign as c
  ),
  own as (
    select s.action, s.account || '/' || s.id_campanha as scope, s.after, general.after as otherwise
    from setting as s
    left join setting as general
      on general.action = s.action and general.account = s.account and general.id_campanha is null
    where s.id_campanha is not null and s.after is not null and s.after is distinct from general.after
  ),
  part (action, after, scope, included) as (
    select s.action, s.after, s.account, true from setting as s where s.id_campanha is null and s.after is not null
    union all
    select o.action, o.after, o.scope, true from own as o
    union all
    select o.action, o.otherwise, o.scope, false from own as o where o.otherwise is not null
  )
  select
    p.action, p.after,
    coalesce(array_agg(p.scope order by p.scope) filter (where p.included), '{}'),
    coalesce(array_agg(p.scope order by p.scope) filter (where not p.included), '{}')
  from part as p
  group by p.action, p.after
  having bool_or(p.included);
end;

comment on function talkme.retention_rules() is
  'What talkme.account and talkme.campaign say of retention, by what is to be done and after which time';

revoke execute on function talkme.retention_rules() from public;

-- A part whose rules have come to mean more rows starts over: those were passed by as none of its business.
create function talkme.plan_retention() returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
as $$
declare
  longest text;
begin
  delete from talkme.retention_progress as p
  where p.action in ('blank', 'delete')
    and (p.action, p.after) not in (select r.action, r.after from talkme.retention_rules() as r);

  insert into talkme.retention_progress as p (action, after, includes, excludes)
  select r.action, r.after, r.includes, r.excludes from talkme.retention_rules() as r
  on conflict (action, after) do update set
    includes = excluded.includes,
    excludes = excluded.excludes,
    walked_to = case when excluded.includes <@ p.includes and p.excludes <@ excluded.excludes then p.walked_to else '-infinity' end,
    ended_at = case when excluded.includes <@ p.includes and p.excludes <@ excluded.excludes then p.ended_at end
  where (p.includes, p.excludes) is distinct from (excluded.includes, excluded.excludes);

  longest := talkme.attempts_kept_for()::text;
  delete from talkme.retention_progress as p where p.action = 'attempt' and p.after is distinct from longest;
  insert into talkme.retention_progress (action, after)
  select * from (values ('attempt', longest), ('turn', 'P2D')) as part (action, after) where part.after is not null
  on conflict do nothing;
end
$$;

comment on function talkme.plan_retention() is 'Brings talkme.retention_progress in line with the settings';

revoke execute on function talkme.plan_retention() from public;


-- Attempts -----------------------------------------------------------------------------------------------------------

-- Null, for ever, while a single account that is known here keeps its rows for ever.
create function talkme.attempts_kept_for() returns interval
language sql stable
set search_path = pg_catalog, pg_temp
set intervalstyle = 'iso_8601'
return (
  select case when bool_and(a.delete_after is not null) then
    greatest(max(a.delete_after), (select max(c.delete_after) from talkme.campaign as c))
  end
  from (
    select l.account from talkme.lane as l
    union
    select c.account from talkme.campaign as c
    union
    select b.account from talkme.account as b
  ) as known
  left join talkme.account as a using (account)
);

comment on function talkme.attempts_kept_for() is
  'The longest delete_after that is set, if every account has one; null: partitions of talkme.attempt are never dropped';

revoke execute on function talkme.attempts_kept_for() from public;

-- Dropping a partition locks talkme.attempt for a moment, and while it waits for that lock nobody writes an attempt:
-- behind a dump it gives up after half a second, and tries again another night.
create function talkme.drop_attempt_partition(before timestamptz) returns text
language plpgsql
set search_path = pg_catalog, pg_temp
set lock_timeout = '500ms'
-- A partition's bound is read from the text that PostgreSQL shows of it.
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
as $$
declare
  oldest  name;
  foreign_rows boolean;
begin
  for oldest in
    select c.relname
    from pg_inherits as i
    join pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'talkme.attempt'::regclass
      and (regexp_match(pg_get_expr(c.relpartbound, c.oid), $re$ TO [(]'([^']+)'[)]$re$))[1]::timestamptz <= before
    order by c.relname
  loop
    -- An account that is not known any more, and for which nothing is set.
    execute format(
      'select exists (select from talkme.%I where account not in (select account from talkme.account where delete_after is not null))',
      oldest
    ) into foreign_rows;
    if not foreign_rows then
      execute format('drop table talkme.%I', oldest);
      return oldest;
    end if;
  end loop;
  return null;
end
$$;

comment on function talkme.drop_attempt_partition(timestamptz) is
  'Drops the oldest partition of talkme.attempt that ended before a time and has attempts of no account that keeps its rows for ever; returns its name';

revoke execute on function talkme.drop_attempt_partition(timestamptz) from public;


-- One batch ----------------------------------------------------------------------------------------------------------

-- Blanks or deletes the rows that are given, which the transaction has locked already.
create function talkme.retain_rows(action text, ids bigint[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  with_attempts bigint[] := ids;
begin
  if action = 'blank' then
    -- As the trigger keep_blank does, which somebody may have switched off.
    update talkme.outbox as o set
      blanked_at = now(), error = null, recipient_hash = talkme.hash_recipient(o.recipient),
      dedupe_key = talkme.hash_recipient(o.id || ':' || o.dedupe_key), numero_dest = null, email_dest = null, txtmsg = null,
      assunto = null, info_contato = null, metadata = null, reference = null, response = null
    where o.id = any(ids);
    update talkme.attempt as t set error = null, reference = null
    where t.outbox_id = any(ids) and (t.error is not null or t.reference is not null);
    return;
  end if;
  -- What is left of the attempts of a blanked row is nobody's: where partitions are dropped, it can wait for that.
  if talkme.attempts_kept_for() is not null then
    select array_agg(o.id) into with_attempts from talkme.outbox as o where o.id = any(ids) and o.blanked_at is null;
  end if;
  delete from talkme.attempt as t where t.outbox_id = any(with_attempts);
  delete from talkme.outbox as o where o.id = any(ids);
end
$$;

comment on function talkme.retain_rows(text, bigint[]) is 'Blanks or deletes rows that have ended, and their attempts';

revoke execute on function talkme.retain_rows(text, bigint[]) from public;

-- Returns the progress after it. A row that cannot be changed, because a trigger or a foreign key of the customer's
-- refuses it, is counted and passed over: a single one would keep all behind it for ever.
create function talkme.walk_finished(
  inout part talkme.retention_progress, batch integer, out changed integer, out refused integer, out refusal text
)
language plpgsql
set search_path = pg_catalog, pg_temp
-- A trigger of the customer's may wait for a lock.
set lock_timeout = '500ms'
as $$
declare
  horizon timestamptz := now() - part.after::interval;
  passed  integer;
  due     bigint[];
  mine    bigint[];
  one     bigint;
begin
  refused := 0;

  -- Rows that are kept for longer are passed in larger steps.
  with step as materialized (
    select
      o.id, o.finished_at,
      (part.action = 'delete' or o.blanked_at is null)
        and (own.scope is not null or account.scope is not null and other.scope is null) as due
    from (
      select f.id, f.finished_at, f.blanked_at, f.account, f.account || '/' || f.id_campanha as campaign
      from talkme.outbox as f
      where f.finished_at is not null and f.finished_at <= horizon
        and (f.finished_at, f.id) > (part.walked_to, part.walked_to_id)
      order by f.finished_at, f.id
      limit batch * 10
    ) as o
    left join unnest(part.includes) as account (scope) on account.scope = o.account
    left join unnest(part.includes) as own (scope) on own.scope = o.campaign
    left join unnest(part.excludes) as other (scope) on other.scope = o.campaign
  ),
  chosen as materialized (
    select s.finished_at, s.id from step as s where s.due order by s.finished_at, s.id limit batch
  ),
  last as (
    select c.finished_at, c.id from chosen as c
    union all
    select s.finished_at, s.id from step as s where (select count(*) from chosen) < batch
    order by finished_at desc, id desc
    limit 1
  )
  select
    (select count(*) from step), (select array_agg(c.id) from chosen as c),
    coalesce((select l.finished_at from last as l), part.walked_to), coalesce((select l.id from last as l), part.walked_to_id)
  into passed, due, part.walked_to, part.walked_to_id;

  -- Whoever has a row locked is not waited for; and it may be another row by now.
  select array_agg(free.id) into mine
  from (
    select o.id from talkme.outbox as o
    where o.id = any(due) and o.finished_at <= horizon
    for update skip locked
  ) as free;
  part.skipped_from := least(part.skipped_from, (
    select min(o.finished_at) from talkme.outbox as o
    where o.id = any(due) and o.id <> all(coalesce(mine, '{}')) and o.finished_at <= horizon
  ));

  changed := coalesce(cardinality(mine), 0);
  begin
    perform talkme.retain_rows(part.action, mine);
    -- Deferred triggers act now, where it is known what they are about.
    set constraints all immediate;
  exception
    when others then
      changed := 0;
      foreach one in array mine loop
        begin
          perform talkme.retain_rows(part.action, array[one]);
          set constraints all immediate;
          changed := changed + 1;
        exception when others then
          -- What a row waits for is over another time.
          if sqlstate in ('55P03', '40P01', '40001') then
            part.skipped_from := least(part.skipped_from, (select o.finished_at from talkme.outbox as o where o.id = one));
          end if;
          refused := refused + 1;
          refusal := sqlerrm;
        end;
      end loop;
  end;

  if passed < batch * 10 and coalesce(cardinality(due), 0) < batch then
    part.ended_at := now();
  end if;
end
$$;

comment on function talkme.walk_finished(talkme.retention_progress, integer) is
  'Blanks or deletes the next rows of a part of the retention, at most so many';

revoke execute on function talkme.walk_finished(talkme.retention_progress, integer) from public;

create function talkme.apply_retention(
  batch integer default 1000, not_again_within interval default interval '0',
  out blanked integer, out deleted integer, out partitions integer, out refused integer, out more boolean, out did text
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  part    talkme.retention_progress;
  step    record;
  dropped text;
  rows    integer;
begin
  if batch not between 1 and 10000 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('talkme.apply_retention: a batch cannot have %s rows', batch),
      hint = 'Give a number from 1 to 10000; 1000 is usual.';
  end if;
  blanked := 0;
  deleted := 0;
  partitions := 0;
  refused := 0;
  more := true;
  if not pg_try_advisory_xact_lock(hashtext('talkme.apply_retention')) then
    did := 'Another session is doing it.';
    return;
  end if;

  perform talkme.plan_retention();
  if not exists (select from talkme.retention_progress where ended_at is null) then
    -- A day back: what was committed late, or ended before the clock was set back.
    update talkme.retention_progress as p
    set ended_at = null, skipped_from = null, walked_to_id = 0,
      walked_to = least(p.walked_to, p.skipped_from, now() - p.after::interval) - interval '1 day'
    where p.ended_at <= now() - not_again_within;
  end if;

  -- What is to be deleted does not have to be blanked first.
  select * into part
  from talkme.retention_progress as p
  where p.ended_at is null
  order by array_position(array['delete', 'blank', 'attempt', 'turn'], p.action), p.after
  limit 1;
  if not found then
    more := false;
    did := 'Nothing is left to do.';
    return;
  end if;

  if part.action in ('delete', 'blank') then
    step := talkme.walk_finished(part, batch);
    part := step.part;
    refused := step.refused;
    if part.action = 'delete' then
      deleted := step.changed;
      did := format('Deleted %s row(s) %s after their end.', deleted, part.after);
    else
      blanked := step.changed;
      did := format('Blanked %s row(s) %s after their end.', blanked, part.after);
    end if;
    if refused > 0 then
      did := did || format(' %s could not be: %s.', refused, step.refusal);
    end if;
  elsif part.action = 'attempt' then
    delete from talkme.attempt_default as d
    where d.ctid = any(array(
      select l.ctid from talkme.attempt_default as l
      where l.started_at <= now() - part.after::interval
        and l.account in (select a.account from talkme.account as a where a.delete_after is not null)
      limit batch
      for update skip locked
    ));
    get diagnostics rows = row_count;
    begin
      dropped := talkme.drop_attempt_partition(now() - part.after::interval);
      did := case
        when dropped is null then format('Deleted %s attempt(s) of no month.', rows)
        else format('Dropped talkme.%I.', dropped)
      end;
    exception when lock_not_available then
      did := 'A partition of talkme.attempt is in use: it is dropped another time.';
    end;
    partitions := (dropped is not null)::integer;
    if dropped is null and rows < batch then
      part.ended_at := now();
    end if;
  else
    -- Each batch reads the table: it is small, and an index would have to be written by every claim.
    delete from talkme.turn as t
    where t.ctid = any(array(
      select l.ctid from talkme.turn as l
      where l.taken_at < now() - greatest(
        part.after::interval,
        (select max(a.recipient_gap) from talkme.account as a), (select max(c.recipient_gap) from talkme.campaign as c)
      )
      limit batch * 10
      for update skip locked
    ));
    get diagnostics rows = row_count;
    did := format('Deleted %s recipient(s) of talkme.turn.', rows);
    if rows < batch * 10 then
      part.ended_at := now();
    end if;
  end if;

  update talkme.retention_progress as p
  set walked_to = part.walked_to, walked_to_id = part.walked_to_id, skipped_from = part.skipped_from, ended_at = part.ended_at
  where p.action = part.action and p.after = part.after;
  more := exists (select from talkme.retention_progress where ended_at is null);
end
$$;

comment on function talkme.apply_retention(integer, interval) is
  'Does the next batch of what the retention asks for, and says what it did and whether more is left: call it, in transactions of their own, until nothing is. A round that ended within the second argument is not begun again';

revoke execute on function talkme.apply_retention(integer, interval) from public;


-- Forgetting one person ----------------------------------------------------------------------------------------------

create function talkme.forget(numero text, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- Until it ends, answers for its rows wait.
set lock_timeout = '10s'
as $$
declare
  digits   text := regexp_replace(numero, '[^0-9]', '', 'g');
  person   text;
  hash     text;
  also     bigint[];
  ids      bigint[];
  waited   integer;
  on_wire  integer;
  doubted  integer;
  ended    integer;
  attempts integer;
begin
  person := case when numero ~ '@' then talkme.address_key(numero) else talkme.number_key(numero) end;
  -- A number that nothing can be sent to may stand in a row all the same.
  if person is null or person ~ '^[?]'
    and coalesce(length(ltrim(talkme.dialled_digits(numero), '+')), 0) not between 8 and 15
  then
    -- Without the value: this message may be logged.
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'talkme.forget: this is neither a telephone number nor an e-mail address',
      hint = 'Write it as in numero_dest, such as 11988887777, or as in email_dest, such as fulano@example.com.';
  end if;
  if strpos(lower(reason), person) > 0 or strpos(regexp_replace(reason, '[^0-9]', '', 'g'), right(nullif(digits, ''), 8)) > 0 then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'talkme.forget: the reason names the person who is to be forgotten',
      hint = 'It is kept in talkme.audit. Give the number of the request instead.';
  end if;
  hash := talkme.hash_recipient(person);

  -- A message that has both goes by its number.
  if person ~ '@' then
    select array_agg(o.id) into also
    from talkme.outbox as o
    where o.email_dest is not null and talkme.address_key(o.email_dest) = person and o.recipient <> person;
  end if;

  with touched as (
    update talkme.outbox as o set
      -- What is erased is spelled out: somebody may have switched off the trigger keep_blank.
      blanked_at  = coalesce(o.blanked_at, now()),
      recipient_hash = hash,
      dedupe_key  = case when o.blanked_at is null then talkme.hash_recipient(o.id || ':' || o.dedupe_key) else o.dedupe_key end,
      numero_dest = null, email_dest = null, txtmsg = null, assunto = null, info_contato = null, metadata = null,
      reference   = null, response = null,
      status      = case o.status when 'pending' then 'cancelled' when 'unknown' then 'failed' else o.status end,
      finished_at = case when o.status in ('pending', 'unknown') then now() else o.finished_at end,
      retry_at    = case when o.status <> 'pending' then o.retry_at end,
      error_code  = case when o.status in ('pending', 'unknown') then 'forgotten' else o.error_code end,
      error       = case o.status
        when 'pending' then 'The recipient was forgotten before the message was sent: nothing is left of it, and it cannot be tried again.'
        when 'unknown' then 'The recipient was forgotten while it was not known whether the message had been sent: it may have been.'
        when 'cancelled' then case when o.error_code = 'forgotten' then o.error end
        when 'failed' then case when o.error_code = 'forgotten' then o.error end
      end
    where (o.recipient in (person, hash) or o.id = any(also))
      -- A row that is blank already may have gone on: it was on the wire then.
      and (o.blanked_at is null or o.status in ('pending', 'unknown') or num_nonnulls(o.reference, o.response) > 0)
    returning o.status, o.error_code, o.finished_at
  )
  select
    count(*) filter (where t.status = 'cancelled' and t.error_code = 'forgotten' and t.finished_at = now()),
    count(*) filter (where t.status = 'failed' and t.error_code = 'forgotten' and t.finished_at = now()),
    count(*) filter (where t.status = 'sending'),
    count(*)
  into waited, doubted, on_wire, ended
  from touched as t;
  ended := ended - waited - doubted - on_wire;

  select array_agg(o.id) into ids from talkme.outbox as o where o.recipient = hash or o.id = any(also);
  update talkme.attempt as t set error = null, reference = null
  where t.outbox_id = any(ids) and (t.error is not null or t.reference is not null);
  get diagnostics attempts = row_count;
  delete from talkme.turn as t where t.recipient = person;

  perform talkme.record_audit('forget', jsonb_build_object('recipient', hash), waited + doubted + on_wire + ended, reason);
  return case
    when ids is null then 'Nothing is kept of this recipient.'
    else format(
      'Forgotten: %s row(s) that waited are cancelled, %s on the wire will keep no answer, %s of which nobody knew whether they were sent are failed, %s that had ended are blanked; %s had been blanked before. %s attempt(s) lost what they said.',
      waited, on_wire, doubted, ended, cardinality(ids) - waited - on_wire - doubted - ended, attempts
    )
  end || case
    when exists (select from talkme.suppression as s where s.recipient = person)
      then ' The recipient stays in talkme.suppression, and gets nothing: talkme.unsuppress removes it.'
    else ' The recipient is not suppressed: what is inserted from now on is sent.'
  end;
end
$$;

comment on function talkme.forget(text, text) is
  'Erases what is kept of a recipient, at once: waiting messages are cancelled, all are blanked. Says what it touched, and cannot be undone';

revoke execute on function talkme.forget(text, text) from public;


-- Settings of the daemon's file --------------------------------------------------------------------------------------

-- syncd writes what its file says, by a login that may be stolen, or with a file that is wrong: it cannot have anything
-- removed sooner than people have agreed to.
create table talkme.retention_floor (
  singleton     boolean     not null default true,
  retention     interval    not null default '7 days',
  delete_after  interval    not null default '30 days',

  constraint retention_floor_pkey primary key (singleton),
  constraint retention_floor_singleton check (singleton),
  constraint retention_floor_positive check (retention >= interval '0' and delete_after >= interval '0')
);

comment on table talkme.retention_floor is
  'The shortest times that syncd may write into talkme.account. Who owns the schema changes them here, and may write talkme.account itself';
comment on column talkme.retention_floor.singleton is 'There is one floor';
comment on column talkme.retention_floor.retention is 'Rows keep personal data for this long at least after their end';
comment on column talkme.retention_floor.delete_after is 'Rows stay for this long at least after their end';

insert into talkme.retention_floor default values;

-- Also for syncd check, which asks before anything is written.
create function talkme.below_retention_floor(account text, retention interval, delete_after interval)
returns table (rule text, complaint text)
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select
    'account_' || given.setting || '_floor',
    format(
      '%s %s of the account %s is not in days, or less than %s, the shortest that syncd may set; who owns the schema talkme lowers it in talkme.retention_floor',
      given.setting, given.after, below_retention_floor.account, given.floor
    )
  from talkme.retention_floor as f
  left join talkme.account as a on a.account = below_retention_floor.account
  cross join lateral (
    values
      ('retention', below_retention_floor.retention, f.retention, a.retention),
      ('delete_after', below_retention_floor.delete_after, f.delete_after, a.delete_after)
  ) as given (setting, after, floor, already)
  -- In days, as the file has them: months differ, and with negative ones a time may look longer than it is.
  where (given.after < given.floor or extract(year from given.after) <> 0 or extract(month from given.after) <> 0)
    and given.after is distinct from given.already
    and not talkme.caller_is('{}')
  order by given.setting;
end;

comment on function talkme.below_retention_floor(text, interval, interval) is
  'Which times for an account are shorter than the caller may set; none for who owns the outbox';

revoke execute on function talkme.below_retention_floor(text, interval, interval) from public;

create function talkme.configure_account(
  account text, sending_window text default null, retention interval default null, delete_after interval default null
) returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  changed boolean;
  refusal record;
begin
  select * into refusal
  from talkme.below_retention_floor(configure_account.account, configure_account.retention, configure_account.delete_after)
  limit 1;
  if found then
    raise exception using
      errcode = 'check_violation', schema = 'talkme', table = 'account', constraint = refusal.rule,
      message = refusal.complaint,
      hint = 'See talkme.retention_floor. Who owns the schema may also write the time into talkme.account.';
  end if;

  insert into talkme.account as a (account, sending_window, retention, delete_after)
  values (configure_account.account, configure_account.sending_window, configure_account.retention, configure_account.delete_after)
  on conflict (account) do update set
    sending_window = coalesce(excluded.sending_window, a.sending_window),
    retention = coalesce(excluded.retention, a.retention),
    delete_after = coalesce(excluded.delete_after, a.delete_after)
  where (a.sending_window, a.retention, a.delete_after) is distinct from (
    coalesce(excluded.sending_window, a.sending_window), coalesce(excluded.retention, a.retention),
    coalesce(excluded.delete_after, a.delete_after)
  );
  changed := found;
  if changed then
    perform talkme.record_audit('configure_account', jsonb_strip_nulls(jsonb_build_object(
      'account', configure_account.account, 'sending_window', configure_account.sending_window,
      'retention', configure_account.retention, 'delete_after', configure_account.delete_after
    )), 1, null);
  end if;
  return changed;
end
$$;

comment on function talkme.configure_account(text, text, interval, interval) is
  'Writes what is given into talkme.account and leaves the rest as it is; true where that changed anything. syncd calls it at its start, for what its YAML file names';

revoke execute on function talkme.configure_account(text, text, interval, interval) from public;
