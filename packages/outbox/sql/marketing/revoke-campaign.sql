create or replace function talkme.revoke_campaign(id_campanha bigint, who name) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  revoked bigint;
begin
  delete from talkme.campaign_grant as g where g.id_campanha = revoke_campaign.id_campanha and g.granted_to = who;
  get diagnostics revoked = row_count;
  perform talkme.record_audit('revoke_campaign', jsonb_build_object('id_campanha', id_campanha, 'who', who), 0, null);
  return talkme.say(
    case revoked when 0 then 'said.campaign_not_granted' else 'said.campaign_revoked' end,
    jsonb_build_object('who', who, 'id_campanha', id_campanha)
  );
end
$$;

comment on function talkme.revoke_campaign(bigint, name) is 'Takes back talkme.grant_campaign';

revoke execute on function talkme.revoke_campaign(bigint, name) from public;
grant execute on function talkme.revoke_campaign(bigint, name) to talkme_operator;
