create or replace function talkme.obstacle_to_resend(o talkme.outbox, expires_at timestamptz) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return case
    when o.blanked_at is not null or o.error_code = 'forgotten' then 'blanked'
    when coalesce(expires_at, o.expires_at) <= now() then 'expired'
    when exists (select from talkme.suppression as s where s.recipient in (o.recipient, talkme.address_key(o.email_dest))) then 'suppressed'
  end;
end
$$;

comment on function talkme.obstacle_to_resend(talkme.outbox, timestamptz) is
  'Why a row would not be sent if it became pending, with another expires_at if one is given; null if it would be. A word of talkme.say: obstacle';

revoke execute on function talkme.obstacle_to_resend(talkme.outbox, timestamp with time zone) from public;
