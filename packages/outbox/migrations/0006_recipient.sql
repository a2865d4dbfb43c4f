-- Who a message is for, under one name however the number was spelt: what suppression, the gap between two messages,
-- the guard against duplicates and the erasure of a person's data go by.

-- The same reading of a number as @talkme/core's normalizePhone, without the judgement whether it exists: 55 is the
-- country code only if more digits follow than DDD and number can have, and a mobile number of before 2016 is given its
-- ninth digit.
create function talkme.recipient_key(numero_dest text, email_dest text default null) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  digits   text;
  national text;
begin
  -- A mobile number with its DDD, as nearly all are written.
  if numero_dest ~ '^[1-9][0-9]{10}$' then
    return '55' || numero_dest;
  end if;
  digits := regexp_replace(numero_dest, '[^0-9]', '', 'g');
  if coalesce(digits, '') = '' then
    return lower(nullif(btrim(email_dest), ''));
  end if;
  if numero_dest ~ '^[[:space:]]*[+]' then
    if digits !~ '^55' then
      return digits;
    end if;
    national := substr(digits, 3);
  elsif digits ~ '^0' then
    national := substr(digits, case when length(digits) >= 13 then 4 else 2 end);
  elsif digits ~ '^55' and length(digits) >= 12 then
    national := substr(digits, 3);
  else
    national := digits;
  end if;
  if length(national) = 10 and substr(national, 3, 1) between '6' and '9' then
    national := overlay(national placing '9' from 3 for 0);
  end if;
  return '55' || national;
end
$$;

comment on function talkme.recipient_key(text, text) is
  'One name for a recipient, whatever the spelling of the number (with or without 55, +, punctuation or the ninth digit); the e-mail address where there is no number';

-- The rows that exist already are given their recipient later, in batches: 0014_backfill_recipient.sql.
alter table talkme.outbox
  add column recipient text,
  add column created_by name,
  add column blanked_at timestamptz;

-- In a statement of its own: rows that exist already were not inserted by whoever migrates.
alter table talkme.outbox alter column created_by set default talkme.caller();

comment on column talkme.outbox.recipient is 'The recipient under one name, however numero_dest is spelt; a hash once the row is blanked';
comment on column talkme.outbox.created_by is 'The role that inserted it';
comment on column talkme.outbox.blanked_at is 'When its personal data was removed';
