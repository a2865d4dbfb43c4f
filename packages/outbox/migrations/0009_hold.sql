-- What keeps rows from being sent, by a person's wish or by the clock: pauses, suppressed recipients, sending windows.

-- Windows ---------------------------------------------------------------------------------------------------------

create function talkme.area_of(recipient text) returns talkme.area
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select a.prefix, a.state, a.time_zone
  from talkme.area as a
  where recipient ~ '^55[0-9]{10,11}$'
    and a.prefix = any (array(select substr(recipient, 3, length) from generate_series(2, 6) as length))
  order by length(a.prefix) desc
  limit 1;
end;

comment on function talkme.area_of(text) is 'Where a Brazilian recipient is; null for others, and for a DDD that does not exist';

create function talkme.next_opening(open_minutes int4multirange, time_zone text, state text, at timestamptz)
returns timestamptz
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  today   constant date := (at at time zone time_zone)::date;
  minute  constant integer := extract(hour from at at time zone time_zone) * 60 + extract(minute from at at time zone time_zone);
  local_day date;
  monday  integer;
  opening integer;
begin
  -- A year, for a window that holidays close one week after another.
  for i in 0..366 loop
    local_day := today + i;
    monday := (extract(isodow from local_day) - 1) * 1440;
    opening := lower(open_minutes * int4multirange(int4range(monday + case when i = 0 then minute else 0 end, monday + 1440)));
    continue when opening is null;
    continue when exists (select from talkme.holiday as h where h.day = local_day and h.state in ('*', next_opening.state));
    if i = 0 and opening - monday = minute then
      return at;
    end if;
    return (local_day + make_interval(mins => opening - monday)) at time zone time_zone;
  end loop;
  return at + interval '1 year';
end
$$;

comment on function talkme.next_opening(int4multirange, text, text, timestamptz) is
  'When a sending window is open next, from a time on, in a time zone and state; that time itself while it is open';

create function talkme.opens_at(open_minutes int4multirange, recipient text, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select talkme.next_opening(open_minutes, coalesce(a.time_zone, 'America/Sao_Paulo'), a.state, at)
  from (select 1) as one
  left join talkme.area_of(recipient) as a on true;
end;

comment on function talkme.opens_at(int4multirange, text, timestamptz) is
  'When a recipient may be written to next, by their own clock; by that of São Paulo where it is not known where they are';

create function talkme.first_opening(open_minutes int4multirange, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select min(talkme.next_opening(open_minutes, zone.time_zone, null, at))
  from (select distinct a.time_zone from talkme.area as a) as zone;
end;

comment on function talkme.first_opening(int4multirange, timestamptz) is
  'When somebody in the country may be written to next; that time itself while anybody may';

create function talkme.last_opening(open_minutes int4multirange, at timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select max(talkme.next_opening(open_minutes, place.time_zone, place.state, at))
  from (select distinct a.time_zone, a.state from talkme.area as a) as place;
end;

comment on function talkme.last_opening(int4multirange, timestamptz) is
  'When everybody in the country has been able to be written to; that time itself while everybody may';


-- Pauses ----------------------------------------------------------------------------------------------------------

create function talkme.parse_scope(scope text) returns text[]
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  parts text[] := regexp_match(
    scope, '^(?:(all)|(account):([a-z0-9][a-z0-9_-]{0,62})|(campaign|channel):([1-9][0-9]{0,15}))$'
  );
begin
  if parts is null then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = format('%L is no scope', scope),
      hint = 'Give ''all'', ''account:NAME'', ''campaign:ID'' or ''channel:ID''.';
  end if;
  return array[coalesce(parts[1], parts[2], parts[4]), coalesce(parts[3], parts[5])];
end
$$;

comment on function talkme.parse_scope(text) is 'The kind and the name of a scope: all, account:NAME, campaign:ID or channel:ID';

create function talkme.is_paused(account text, id_campanha bigint, id_wpp bigint) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select from talkme.paused as p
    where p.scope in ('all', 'account:' || account, 'campaign:' || id_campanha, 'channel:' || id_wpp)
  ) or exists (
    select from talkme.campaign as c
    where c.account = is_paused.account and c.id_campanha = is_paused.id_campanha and not c.active
  );
end;

comment on function talkme.is_paused(text, bigint, bigint) is 'Whether the rows of an account, campaign and channel are paused';

create function talkme.lanes_of(scope text) returns text[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  parts constant text[] := talkme.parse_scope(scope);
begin
  return talkme.waiting_lanes(
    case parts[1] when 'account' then parts[2] end,
    case parts[1] when 'campaign' then parts[2]::bigint end,
    case parts[1] when 'channel' then parts[2]::bigint end
  );
end
$$;

comment on function talkme.lanes_of(text) is 'The lanes of a scope in which rows wait; null where there are none';

create function talkme.pause(scope text, reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.parse_scope(scope);
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'a pause needs a reason',
      hint = 'Whoever finds the rows waiting reads it: talkme.pause(''campaign:123'', ''wrong price in the template'').';
  end if;
  insert into talkme.paused (scope, reason) values (scope, reason)
  on conflict on constraint paused_pkey do update set reason = excluded.reason;
  perform talkme.record_audit('pause', jsonb_build_object('scope', scope), 0, reason);
  return format(
    '%s is paused: none of its rows is claimed from now on. What is on the wire is finished. talkme.resume(%L) ends it.%s',
    scope, scope, case when talkme.lanes_of(scope) is null then ' No row of it waits at the moment: is the name right?' end
  );
end
$$;

comment on function talkme.pause(text, text) is
  'Stops all, account:NAME, campaign:ID or channel:ID: from its commit on none of its rows is claimed, until talkme.resume';

-- In its own place: whoever may execute it by now keeps the right to.
create or replace function talkme.resume(scope text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  parts    constant text[] := talkme.parse_scope(scope);
  pauses   integer;
  circuits integer;
  lanes    integer;
  held     bigint := 0;
  put_off  bigint := 0;
  done     text[] := '{}';
  others   text;
begin
  delete from talkme.paused as p where p.scope = resume.scope;
  get diagnostics pauses = row_count;

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

  -- A campaign's accidents are its own: they are not let go together with everything else.
  if parts[1] = 'campaign' then
    update talkme.outbox as o
    set retry_at = null, error_code = null, error = null
    where o.status = 'pending' and o.retry_at = '9999-01-01 00:00:00+00' and o.id_campanha = parts[2]::bigint;
    get diagnostics held = row_count;
  end if;

  -- What was put off is judged anew at its next claim: a window or a gap may have been changed.
  if parts[1] in ('campaign', 'account') then
    update talkme.outbox as o
    set retry_at = null, error_code = null, error = null
    where o.status = 'pending' and o.error_code in ('outside_window', 'recipient_gap') and o.due_at > now()
      and o.lane = any (talkme.lanes_of(scope));
    get diagnostics put_off = row_count;
  end if;

  perform talkme.notify_daemon();
  perform talkme.record_audit('resume', jsonb_build_object('scope', scope), held, null);

  select string_agg(format('%s (%s)', p.scope, p.reason), ', ' order by p.scope) into others
  from talkme.paused as p
  where parts[1] = 'all' or p.scope = 'all';
  if pauses > 0 then
    done := done || format('%s is no longer paused.', scope);
  end if;
  if held > 0 then
    done := done || format('%s held row(s) of %s may go.', held, scope);
  end if;
  if put_off > 0 then
    done := done || format('%s row(s) of %s that were put off are looked at again.', put_off, scope);
  end if;
  if circuits + lanes > 0 then
    done := done || format(
      '%s: %s open circuit(s) and %s quiet campaign(s) or channel(s) are tried with one row each.',
      scope, circuits, lanes
    );
  end if;
  if done = '{}' then
    done := done || format('Nothing of %s was paused or held back by a circuit.', scope);
  end if;
  if others is not null then
    done := done || format('Paused still: %s.', others);
  end if;
  return array_to_string(done, ' ');
end
$$;

comment on function talkme.resume(text) is
  'Ends what talkme.pause began for the same scope; lets the held rows of a campaign go; tries waiting circuits, campaigns and channels with one row, and if the API takes it, the others follow';


-- Suppressed recipients -------------------------------------------------------------------------------------------

create function talkme.parse_recipient(numero text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  key constant text := case when numero ~ '@' then talkme.address_key(numero) else talkme.number_key(numero) end;
begin
  -- What nothing can be sent to is a slip of the pen: whoever was meant would not be found.
  if key is null or key ~ '^[?]' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'this is neither a telephone number nor an e-mail address',
      hint = 'Write it as in numero_dest or email_dest: DDD and number, + and the full number of another country, or one address. A number with a DDD or a country code that does not exist is none.';
  end if;
  return key;
end
$$;

comment on function talkme.parse_recipient(text) is
  'The recipient that a telephone number or an e-mail address stands for, as in talkme.outbox.recipient; refuses anything else';

-- For whoever writes the table by hand, or brings a list into it. What is a key already stays: digits alone that begin with
-- another country's code are not read as a Brazilian number.
create function talkme.check_suppression() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.recipient is distinct from talkme.number_key('+' || new.recipient) then
    new.recipient := talkme.parse_recipient(new.recipient);
  end if;
  return new;
end
$$;

comment on function talkme.check_suppression() is 'Writes a suppressed recipient in the form that rows are compared by, or refuses it';

revoke execute on function talkme.check_suppression() from public;

create trigger check_suppression before insert or update of recipient on talkme.suppression
for each row execute function talkme.check_suppression();

create function talkme.suppressed_error() returns text
language sql immutable parallel safe
return 'The recipient is suppressed (talkme.suppression) and gets nothing.';

comment on function talkme.suppressed_error() is 'The error of a row that was cancelled because its recipient is suppressed';

create function talkme.suppress(numero text, reason text) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  whom      constant text := talkme.parse_recipient(numero);
  cancelled bigint;
  on_wire   bigint;
begin
  if coalesce(btrim(reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = 'a suppression needs a reason',
      hint = 'Such as talkme.suppress(''11988887777'', ''asked to be left alone'').';
  end if;
  insert into talkme.suppression (recipient, reason) values (whom, reason)
  on conflict on constraint suppression_pkey do update set reason = excluded.reason;

  -- Rows that are inserted from now on, or locked at this moment, are cancelled when they are about to be claimed.
  -- The same where a trigger of the customer's refuses it: whoever said no is suppressed all the same.
  begin
    update talkme.outbox as o
    set status = 'cancelled', finished_at = now(), error_code = 'suppressed', error = talkme.suppressed_error()
    where o.status = 'pending' and o.id = any (array(
      select r.id from talkme.outbox as r
      where r.status = 'pending' and (r.recipient = whom or r.email_dest is not null and talkme.address_key(r.email_dest) = whom)
      for update skip locked
    ));
    get diagnostics cancelled = row_count;
  exception when others then
    cancelled := 0;
  end;
  select count(*) into on_wire from talkme.outbox as o
  where o.status = 'sending' and (o.recipient = whom or o.email_dest is not null and talkme.address_key(o.email_dest) = whom);

  perform talkme.record_audit('suppress', '{}', cancelled, reason);
  return format(
    'The recipient gets nothing from now on. %s waiting row(s) were cancelled%s. talkme.unsuppress takes it back.',
    cancelled, case when on_wire > 0 then format('; %s are on the wire and cannot be called back', on_wire) else '' end
  );
end
$$;

comment on function talkme.suppress(text, text) is
  'A telephone number or e-mail address to which nothing is sent any more, in whichever spelling: waiting rows are cancelled, later ones when their turn comes';

create function talkme.unsuppress(numero text, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  found_rows bigint;
begin
  delete from talkme.suppression as s where s.recipient = talkme.parse_recipient(numero);
  get diagnostics found_rows = row_count;
  perform talkme.record_audit('unsuppress', '{}', found_rows, reason);
  return case
    when found_rows = 0 then 'The recipient was not suppressed.'
    else 'The recipient may be written to again. Rows that were cancelled stay so; talkme.retry brings one back.'
  end;
end
$$;

comment on function talkme.unsuppress(text, text) is 'Takes back talkme.suppress, for rows that are inserted from now on';

revoke execute on function
  talkme.pause(text, text), talkme.resume(text), talkme.suppress(text, text), talkme.unsuppress(text, text)
from public;
