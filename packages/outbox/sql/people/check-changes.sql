create or replace function talkme.check_changes(changes jsonb) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  -- What a producer writes, but for the batch.
  columns constant text[] := '{account,id_campanha,id_wpp,numero_dest,email_dest,txtmsg,assunto,info_contato,priority,send_at,expires_at,dedupe_key,max_attempts,on_unknown,metadata}';
  wrong   text;
  tried   talkme.outbox;
begin
  if changes is null or jsonb_typeof(changes) <> 'object' or changes = '{}' then
    perform talkme.refuse_as(
      'outbox_changes_given', jsonb_build_object('columns', array_to_string(columns, ', ')), '22023'
    );
  end if;
  select string_agg(k, ', ') into wrong from jsonb_object_keys(changes) as k where k <> all (columns);
  if wrong is not null then
    perform talkme.refuse_as(
      'outbox_changes_columns',
      jsonb_build_object('wrong', talkme.hide_numbers(wrong), 'columns', array_to_string(columns, ', ')), '22023'
    );
  end if;
  select string_agg(c.key, ', ') into wrong
  from jsonb_each(changes) as c
  where jsonb_typeof(c.value) = 'null' and c.key in ('account', 'priority', 'send_at');
  if wrong is not null then
    perform talkme.refuse_as('outbox_changes_null', jsonb_build_object('wrong', wrong), '22023');
  end if;
  begin
    tried := jsonb_populate_record(null::talkme.outbox, changes - '{info_contato,metadata}'::text[]);
  exception when data_exception then
    perform talkme.refuse_as('outbox_changes_fit', jsonb_build_object('why', talkme.hide_numbers(sqlerrm)), '22023');
  end;
end
$$;

comment on function talkme.check_changes(jsonb) is
  'Refuses changes that are not an object of columns that a producer writes, or whose values do not fit them';

revoke execute on function talkme.check_changes(jsonb) from public;
