-- Whoever changes a setting, by a function or by hand. A function says in talkme.action which one it is, and in talkme.reason why;
-- whoever writes by hand may set talkme.reason, too.
create or replace function talkme.record_setting() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  was    constant jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - 'open_minutes' end;
  is_now constant jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - 'open_minutes' end;
  row_of constant text[] := case tg_table_name
    when 'campaign' then '{account,id_campanha}' when 'account' then '{account}' else '{day,state}'
  end;
  -- A name is for people, and may be a person's.
  changed record;
begin
  select
    jsonb_object_agg(c.key, case when c.key = 'name' then to_jsonb(talkme.hide_numbers(was ->> c.key)) else was -> c.key end)
      filter (where c.key <> all (row_of) or tg_op = 'UPDATE') as before,
    jsonb_object_agg(c.key, case when c.key = 'name' then to_jsonb(talkme.hide_numbers(is_now ->> c.key)) else is_now -> c.key end)
      filter (where c.key <> all (row_of) or tg_op = 'UPDATE') as after
  into changed
  from jsonb_object_keys(coalesce(is_now, was)) as c (key)
  where was -> c.key is distinct from is_now -> c.key;
  if tg_op = 'UPDATE' and changed.after is null then
    return null;
  end if;
  perform talkme.record_audit(
    coalesce(nullif(current_setting('talkme.action', true), ''), lower(tg_op) || '_' || tg_table_name),
    (select jsonb_object_agg(k, coalesce(was, is_now) -> k) from unnest(row_of) as k)
      || case when was is null then '{}' else jsonb_build_object('before', changed.before) end
      || case when is_now is null then '{}' else jsonb_build_object('after', changed.after) end,
    1, nullif(current_setting('talkme.reason', true), '')
  );
  return null;
end
$$;

comment on function talkme.record_setting() is 'Writes each change of a setting into talkme.audit, with what it was before';

revoke execute on function talkme.record_setting() from public;

create or replace trigger record_setting after insert or update or delete on talkme.account
for each row execute function talkme.record_setting();

create or replace trigger record_setting after insert or update or delete on talkme.campaign
for each row execute function talkme.record_setting();

create or replace trigger record_setting after insert or update or delete on talkme.holiday
for each row execute function talkme.record_setting();
