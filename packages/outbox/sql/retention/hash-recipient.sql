create or replace function talkme.hash_recipient(recipient text) returns text
language sql stable strict
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select '#' || left(encode(sha256(key || convert_to(recipient, 'UTF8')), 'hex'), 32) from talkme.hash_key;
end;

comment on function talkme.hash_recipient(text) is
  'What stands in place of a recipient, or of a dedupe_key, once a row is blanked; only this installation can compute it';

revoke execute on function talkme.hash_recipient(text) from public;
grant execute on function talkme.hash_recipient(text) to talkme_operator;
