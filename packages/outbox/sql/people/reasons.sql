create or replace function talkme.reasons(id bigint) returns table (code text, parameters jsonb)
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon,talkme_marketing}');
begin
  if o.id is not null then
    return query select r.code, jsonb_strip_nulls(r.parameters) from talkme.reasons_of(o) as r;
  end if;
end
$$;

comment on function talkme.reasons(bigint) is
  'Everything that a row waits for and when it goes if nothing changes, or what became of it: as codes with parameters, without the recipient. Empty if there is no such row or you may not see it';

revoke execute on function talkme.reasons(bigint) from public;
grant execute on function talkme.reasons(bigint) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
