create or replace function talkme.record_truncated_settings() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  lost bigint := case tg_table_name
    when 'campaign' then (select count(*) from talkme.campaign)
    when 'account' then (select count(*) from talkme.account)
    else (select count(*) from talkme.holiday)
  end;
begin
  perform talkme.record_audit('truncate_' || tg_table_name, '{}', lost, nullif(current_setting('talkme.reason', true), ''));
  return null;
end
$$;

comment on function talkme.record_truncated_settings() is 'Writes into talkme.audit that all settings of a table were removed';

revoke execute on function talkme.record_truncated_settings() from public;

create or replace trigger record_truncated_settings before truncate on talkme.account
for each statement execute function talkme.record_truncated_settings();

create or replace trigger record_truncated_settings before truncate on talkme.campaign
for each statement execute function talkme.record_truncated_settings();

create or replace trigger record_truncated_settings before truncate on talkme.holiday
for each statement execute function talkme.record_truncated_settings();
