create or replace function talkme.reveal(id bigint, reason text) returns table (
  numero_dest text, email_dest text, assunto text, txtmsg text, info_contato jsonb, metadata jsonb, response text
)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  o constant talkme.outbox := talkme.find_row(reveal.id, '{talkme_operator,talkme_viewer}');
begin
  if coalesce(btrim(reveal.reason), '') = '' then
    raise exception using
      errcode = 'invalid_parameter_value',
      message = talkme.say('reveal_reason'),
      hint = talkme.say('reveal_reason.hint');
  elsif o.id is null then
    perform talkme.refuse_no_row(reveal.id);
  end if;
  perform talkme.record_action('reveal', jsonb_build_object('id', o.id), array[o.id], reveal.reason);
  return query select o.numero_dest, o.email_dest, o.assunto, o.txtmsg, o.info_contato, o.metadata, o.response;
end
$$;

comment on function talkme.reveal(bigint, text) is
  'Shows the recipient, variables and answer of one row, and writes to talkme.audit who looked, when and why';

revoke execute on function talkme.reveal(bigint, text) from public;
grant execute on function talkme.reveal(bigint, text) to talkme_operator, talkme_viewer;
