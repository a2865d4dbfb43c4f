-- Enough to recognise a recipient whom one knows, too little to call one.
create or replace function talkme.mask_recipient(recipient text) returns text
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select case
    when recipient is null then null
    when recipient ~ '@' then left(recipient, 1) || '***@' || split_part(recipient, '@', -1)
    when length(d.digits) in (10, 11) then format('(%s) %s-%s', left(d.digits, 2), repeat('*', length(d.digits) - 6), right(d.digits, 4))
    when length(d.digits) in (12, 13) and left(d.digits, 2) = '55'
      then format('(%s) %s-%s', substr(d.digits, 3, 2), repeat('*', length(d.digits) - 8), right(d.digits, 4))
    when length(d.digits) >= 10 then repeat('*', length(d.digits) - 4) || right(d.digits, 4)
    else '****'
  end
  from (select regexp_replace(recipient, '[^0-9]', '', 'g')) as d (digits);
end;

comment on function talkme.mask_recipient(text) is 'A number by its DDD and last four digits, an address by its first letter and domain';

revoke execute on function talkme.mask_recipient(text) from public;
-- For talkme.messages, whose functions run as its reader.
grant execute on function talkme.mask_recipient(text) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
