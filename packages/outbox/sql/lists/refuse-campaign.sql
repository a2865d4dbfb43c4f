-- As the policy outbox_marketing, which a function with its owner's rights does not meet.
create or replace function talkme.refuse_campaign(id_campanha bigint) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not talkme.caller_is('{talkme_producer,talkme_operator}') and not talkme.may_use_campaign(id_campanha) then
    perform talkme.refuse_as('list_campaign_granted', jsonb_build_object('id_campanha', id_campanha), '42501');
  end if;
end
$$;

comment on function talkme.refuse_campaign(bigint) is
  'Refuses a campaign that a member of talkme_marketing alone was not granted';

revoke execute on function talkme.refuse_campaign(bigint) from public;
