create or replace function talkme.grant_campaign(id_campanha bigint, who name) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_roles as r where r.rolname = who) then
    raise exception using
      errcode = 'undefined_object',
      message = talkme.say('grant_campaign.no_role', jsonb_build_object('who', who)),
      hint = talkme.say('grant_campaign.no_role.hint');
  end if;
  insert into talkme.campaign_grant (id_campanha, granted_to) values (id_campanha, who) on conflict do nothing;
  perform talkme.record_audit('grant_campaign', jsonb_build_object('id_campanha', id_campanha, 'who', who), 0, null);
  return talkme.say('said.campaign_granted', jsonb_build_object('who', who, 'id_campanha', id_campanha));
end
$$;

comment on function talkme.grant_campaign(bigint, name) is
  'Lets a member of talkme_marketing watch and pause a campaign, and bring lists for it; talkme.revoke_campaign takes it back';

revoke execute on function talkme.grant_campaign(bigint, name) from public;
grant execute on function talkme.grant_campaign(bigint, name) to talkme_operator;
