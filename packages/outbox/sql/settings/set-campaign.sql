create or replace function talkme.set_campaign(
  id_campanha bigint, changes jsonb, reason text default null, account text default 'default'
) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  was    talkme.campaign;
  c      talkme.campaign;
begin
  perform talkme.check_setting_changes('campaign', changes, array[
    'name', 'required_variables', 'active', 'rate_per_second', 'sending_window', 'recipient_gap', 'duplicate_window', 'on_duplicate',
    'burst_limit'
  ]);
  select * into was from talkme.campaign as r
  where r.account = set_campaign.account and r.id_campanha = set_campaign.id_campanha for update;
  begin
    c := jsonb_populate_record(was, changes);
  exception when data_exception then
    perform talkme.refuse_setting_value('campaign', sqlerrm);
  end;
  if c.name is null then
    perform talkme.refuse_setting_value('campaign', talkme.say('setting_name'));
  end if;

  perform set_config('talkme.action', 'set_campaign', true), set_config('talkme.reason', reason, true);
  insert into talkme.campaign as r (
    account, id_campanha, name, required_variables, active, rate_per_second, sending_window, recipient_gap, duplicate_window,
    on_duplicate, burst_limit
  ) values (
    set_campaign.account, set_campaign.id_campanha, c.name, coalesce(c.required_variables, '{}'), coalesce(c.active, true),
    c.rate_per_second, c.sending_window, c.recipient_gap, c.duplicate_window, coalesce(c.on_duplicate, 'refuse'), c.burst_limit
  )
  on conflict on constraint campaign_pkey do update set
    name = excluded.name, required_variables = excluded.required_variables, active = excluded.active,
    rate_per_second = excluded.rate_per_second, sending_window = excluded.sending_window, recipient_gap = excluded.recipient_gap,
    duplicate_window = excluded.duplicate_window, on_duplicate = excluded.on_duplicate, burst_limit = excluded.burst_limit
  returning * into c;
  perform set_config('talkme.action', '', true), set_config('talkme.reason', '', true);
  return talkme.say_setting(format('talkme.campaign %s', c.id_campanha), coalesce(to_jsonb(was), '{}'), to_jsonb(c));
end
$$;

comment on function talkme.set_campaign(bigint, jsonb, text, text) is
  'Changes the settings of a campaign, or registers it: changes is an object of columns of talkme.campaign and values, null for none. retention and delete_after are for the owner of the schema';

revoke execute on function talkme.set_campaign(bigint, jsonb, text, text) from public;
grant execute on function talkme.set_campaign(bigint, jsonb, text, text) to talkme_operator;
