create or replace function talkme.capture_types() returns jsonb
language sql immutable parallel safe
return '{
  "account": "pg_catalog.text", "id_campanha": "bigint", "id_wpp": "bigint", "numero_dest": "pg_catalog.text",
  "email_dest": "pg_catalog.text", "txtmsg": "pg_catalog.text", "assunto": "pg_catalog.text",
  "info_contato": "pg_catalog.jsonb", "priority": "smallint", "send_at": "timestamp with time zone",
  "expires_at": "timestamp with time zone", "dedupe_key": "pg_catalog.text", "max_attempts": "smallint",
  "on_unknown": "pg_catalog.text", "metadata": "pg_catalog.jsonb"
}'::jsonb;

comment on function talkme.capture_types() is 'The columns of the outbox that a map may give, and their types';

revoke execute on function talkme.capture_types() from public;
grant execute on function talkme.capture_types() to talkme_producer;
