create or replace function talkme.may_use_campaign(id_campanha bigint) returns boolean
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- By name, looked up when needed: a role may have been dropped since.
  return exists (
    select from talkme.campaign_grant as g join pg_roles as r on r.rolname = g.granted_to
    where g.id_campanha = may_use_campaign.id_campanha and pg_has_role(talkme.caller(), r.oid, 'usage')
  );
end
$$;

comment on function talkme.may_use_campaign(bigint) is 'Whether a campaign was granted to the caller, or to a role that it is a member of';

revoke execute on function talkme.may_use_campaign(bigint) from public;
-- For the policy of talkme.outbox.
grant execute on function talkme.may_use_campaign(bigint) to talkme_marketing;
