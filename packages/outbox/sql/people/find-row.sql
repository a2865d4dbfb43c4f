create or replace function talkme.find_row(id bigint, readers name[]) returns talkme.outbox
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  o talkme.outbox;
begin
  select * into o from talkme.outbox as r where r.id = find_row.id;
  if o.id is null or not (
    talkme.caller_is(array_remove(readers, 'talkme_marketing')) or coalesce(talkme.caller_is_creator(o.created_by), false)
    or 'talkme_marketing' = any (readers) and talkme.may_use_campaign(o.id_campanha)
  ) then
    return null;
  end if;
  return o;
end
$$;

comment on function talkme.find_row(bigint, name[]) is
  'A row, if it exists and the caller inserted it or is a member of one of the roles; talkme_marketing sees the campaigns that it was granted';

revoke execute on function talkme.find_row(bigint, name[]) from public;
