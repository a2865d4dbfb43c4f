create or replace function talkme.refuse_one_recipient(ids bigint[], changes jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  people integer;
begin
  if coalesce(changes ->> 'numero_dest', changes ->> 'email_dest') is null then
    return;
  end if;
  select count(distinct o.recipient) into people from talkme.outbox as o where o.id = any (ids);
  if people > 1 then
    perform talkme.refuse_as('outbox_changes_recipient', jsonb_build_object('people', people), '22023');
  end if;
end
$$;

comment on function talkme.refuse_one_recipient(bigint[], jsonb) is 'Refuses to give the messages of several people to one';

revoke execute on function talkme.refuse_one_recipient(bigint[], jsonb) from public;
