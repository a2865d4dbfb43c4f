-- What an insert takes and the row's turn refuses. Their codes are those that the row would get.
create or replace function talkme.turn_problems(o talkme.outbox) returns setof talkme.problem
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  number  constant text := case
    when o.numero_dest is null then null
    when talkme.is_plain_number(o.numero_dest) then '55' || o.numero_dest
    else talkme.number_key(o.numero_dest)
  end;
  address constant text := case when o.email_dest is not null then talkme.address_key(o.email_dest) end;
begin
  if o.expires_at <= now() and o.expires_at > o.send_at then
    return next talkme.problem_of('expired', 'expires_at');
  end if;

  if number !~ '^(55|[?])' then
    if talkme.number_key(number) !~ '^[?]' then
      return next talkme.problem_of('ambiguous_phone', 'numero_dest');
    end if;
  end if;

  -- The list of those who want no messages is not for producers: this would let them try all numbers without a trace. Such a row of
  -- theirs is cancelled at its turn.
  if exists (select from talkme.suppression as s where s.recipient in (number, address)) then
    if talkme.caller_is('{talkme_viewer,talkme_operator,talkme_daemon}') then
      return next talkme.problem_of('suppressed', case when address is null then 'numero_dest' else 'email_dest' end);
    end if;
  end if;

  if exists (
    select from talkme.lane as l
    where l.lane = o.account || '/' || coalesce(o.id_campanha::text, '-') || '/' || coalesce(o.id_wpp::text, '-')
      and l.not_founds > 0 and l.quiet_until > now()
  ) then
    return next talkme.problem_of('not_found', case when o.id_campanha is null then 'id_wpp' else 'id_campanha' end);
  end if;
end
$$;

comment on function talkme.turn_problems(talkme.outbox) is
  'Why a message that can be inserted would not be sent at its turn, as far as the database knows';

revoke execute on function talkme.turn_problems(talkme.outbox) from public;
