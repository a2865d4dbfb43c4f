create or replace function talkme.refuse_missing_variables(campaign talkme.campaign, info_contato jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  missing text;
begin
  select string_agg(
    case required when 'PRIMEIRO_NOME' then 'nome (for PRIMEIRO_NOME)' else required end, ', ' order by place
  )
  into missing
  from unnest(campaign.required_variables) with ordinality as variable (required, place)
  where coalesce(talkme.is_blank(info_contato ->> case required when 'PRIMEIRO_NOME' then 'nome' else required end), true);
  if missing is not null then
    perform talkme.outbox_refuse(
      'outbox_campaign_variables',
      format('campaign %s (%s) needs variables that are missing or blank: %s', campaign.id_campanha, campaign.name, missing),
      'Give each of them a value in info_contato. Which ones a campaign needs is in talkme.campaign.required_variables.'
    );
  end if;
end
$$;

comment on function talkme.refuse_missing_variables(talkme.campaign, jsonb) is
  'Refuses a row that lacks variables its campaign needs, and names them';

revoke execute on function talkme.refuse_missing_variables(talkme.campaign, jsonb) from public;
