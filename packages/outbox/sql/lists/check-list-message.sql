create or replace function talkme.check_list_message(message jsonb, columns text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  fields constant text[] := talkme.known_variables() || '{numero_dest,email_dest,txtmsg,assunto,dedupe_key}'::text[];
  field  text;
  number jsonb;
begin
  if jsonb_typeof(message) is distinct from 'object' or jsonb_typeof(message -> 'columns') is distinct from 'object' then
    perform talkme.refuse_as(
      'list_message_object', jsonb_build_object('example', '{"id_campanha": 123456, "columns": {"numero_dest": 1, "nome": 2}}'), '22023'
    );
  end if;
  for field in select k from jsonb_object_keys(message) as k where k <> all ('{account,id_campanha,id_wpp,send_at,expires_at,columns}') loop
    perform talkme.refuse_as('list_message_key', jsonb_build_object('key', field), '22023');
  end loop;
  for field, number in select * from jsonb_each(message -> 'columns') loop
    if field <> all (fields) then
      perform talkme.refuse_as('list_field_known', jsonb_build_object('field', field), '22023');
    end if;
    if jsonb_typeof(number) <> 'number' or not (number::text ~ '^[0-9]{1,3}$')
      or not coalesce(number::text::integer between 1 and cardinality(columns), false)
    then
      perform talkme.refuse_as('list_column_exists', jsonb_build_object('field', field, 'columns', cardinality(columns)), '22023');
    end if;
  end loop;
  if not message -> 'columns' ?| '{numero_dest,email_dest}' then
    perform talkme.refuse_as('list_recipient_column', '{}', '22023');
  end if;
end
$$;

comment on function talkme.check_list_message(jsonb, text[]) is
  'Refuses a way from lines to messages that names what does not exist, or no column for the recipient';

revoke execute on function talkme.check_list_message(jsonb, text[]) from public;
