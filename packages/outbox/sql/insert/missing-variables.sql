create or replace function talkme.missing_variables(campaign talkme.campaign, info_contato jsonb) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select string_agg(
      case required when 'PRIMEIRO_NOME' then 'nome (for PRIMEIRO_NOME)' else required end, ', ' order by place
    )
    from unnest(campaign.required_variables) with ordinality as variable (required, place)
    where coalesce(talkme.is_blank(info_contato ->> case required when 'PRIMEIRO_NOME' then 'nome' else required end), true)
  );
end
$$;

comment on function talkme.missing_variables(talkme.campaign, jsonb) is
  'The variables that a campaign needs and a message lacks, as a list; null if it lacks none';

revoke execute on function talkme.missing_variables(talkme.campaign, jsonb) from public;
