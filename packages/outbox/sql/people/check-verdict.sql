create or replace function talkme.check_verdict(verdict text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  complaint constant text := format('a row cannot be resolved as %s', coalesce(quote_literal(verdict), 'null'));
  remedy    constant text := 'Write sent (you found it in Talk.me), failed (it is not there, and shall not be sent) or resend (it is not there, and shall be sent again).';
begin
  if verdict is null or verdict not in ('sent', 'failed', 'resend') then
    perform talkme.refuse_action('outbox_resolve_verdict', complaint, remedy, '22023');
  end if;
end
$$;

comment on function talkme.check_verdict(text) is 'Refuses anything but sent, failed and resend';

revoke execute on function talkme.check_verdict(text) from public;
