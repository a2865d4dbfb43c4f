create or replace function talkme.testify(instance text, missing bigint) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  noticed timestamptz;
begin
  -- What it has said of this change once is not counted again.
  select h.changed_at into noticed
  from talkme.history as h
  where not exists (select from talkme.instance as i where i.name = testify.instance and i.recalled_at = h.changed_at)
  for update of h;
  if noticed is not null then
    update talkme.instance as i set recalled_at = noticed where i.name = testify.instance;
    update talkme.history set missing_claims = missing_claims + missing where missing > 0;
  end if;
end
$$;

comment on function talkme.testify(text, bigint) is
  'An instance says that it has compared the claims that it remembers with a changed database, and how many are missing';

revoke execute on function talkme.testify(text, bigint) from public;
grant execute on function talkme.testify(text, bigint) to talkme_daemon;
