create or replace function talkme.granted_campaigns() returns bigint[]
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return array(
    select g.id_campanha
    from talkme.campaign_grant as g join pg_roles as r on r.rolname = g.granted_to
    where pg_has_role(talkme.caller(), r.oid, 'usage')
  );
end
$$;

comment on function talkme.granted_campaigns() is 'The campaigns that were granted to the caller, or to a role that it is a member of';

revoke execute on function talkme.granted_campaigns() from public;
-- For talkme.messages, whose functions run as its reader.
grant execute on function talkme.granted_campaigns() to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
