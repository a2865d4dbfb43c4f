create or replace function talkme.set_account(account text, changes jsonb, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  was talkme.account;
  a   talkme.account;
begin
  perform talkme.check_setting_changes('account', changes, '{sending_window,recipient_gap}');
  select * into was from talkme.account as r where r.account = set_account.account for update;
  begin
    a := jsonb_populate_record(was, changes);
  exception when data_exception then
    perform talkme.refuse_setting_value('account', sqlerrm);
  end;

  perform set_config('talkme.action', 'set_account', true), set_config('talkme.reason', reason, true);
  insert into talkme.account as r (account, sending_window, recipient_gap)
  values (set_account.account, a.sending_window, a.recipient_gap)
  on conflict on constraint account_pkey do update set
    sending_window = excluded.sending_window, recipient_gap = excluded.recipient_gap
  returning * into a;
  perform set_config('talkme.action', '', true), set_config('talkme.reason', '', true);
  return talkme.say_setting(format('talkme.account %s', a.account), coalesce(to_jsonb(was), '{}'), to_jsonb(a));
end
$$;

comment on function talkme.set_account(text, jsonb, text) is
  'Changes the sending window and the gap between two messages of an account: changes is an object of columns of talkme.account and values, null for none. retention and delete_after are for the owner of the schema';

revoke execute on function talkme.set_account(text, jsonb, text) from public;
grant execute on function talkme.set_account(text, jsonb, text) to talkme_operator;
