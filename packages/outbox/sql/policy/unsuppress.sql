create or replace function talkme.unsuppress(numero text, reason text default null) returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  found_rows bigint;
begin
  delete from talkme.suppression as s where s.recipient = talkme.parse_recipient(numero);
  get diagnostics found_rows = row_count;
  perform talkme.record_audit('unsuppress', '{}', found_rows, reason);
  return talkme.say(case when found_rows = 0 then 'unsuppress.none' else 'unsuppress.done' end);
end
$$;

comment on function talkme.unsuppress(text, text) is 'Takes back talkme.suppress for rows that are inserted from now on';

revoke execute on function talkme.unsuppress(text, text) from public;
grant execute on function talkme.unsuppress(text, text) to talkme_operator;
