create or replace function talkme.is_paused(account text, id_campanha bigint, id_wpp bigint) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select from talkme.paused as p
    where p.scope = any (talkme.scopes_of(account, id_campanha::text, id_wpp::text))
  ) or exists (
    select from talkme.campaign as c
    where c.account = is_paused.account and c.id_campanha = is_paused.id_campanha and not c.active
  );
end;

comment on function talkme.is_paused(text, bigint, bigint) is 'Whether the rows of an account, campaign and channel are paused';

revoke execute on function talkme.is_paused(text, bigint, bigint) from public;
grant execute on function talkme.is_paused(text, bigint, bigint) to talkme_operator, talkme_viewer;
