create or replace function talkme.check_verdict(verdict text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if verdict is null or verdict not in ('sent', 'failed', 'resend') then
    perform talkme.refuse_as(
      'outbox_resolve_verdict', jsonb_build_object('verdict', coalesce(quote_literal(verdict), 'null')), '22023'
    );
  end if;
end
$$;

comment on function talkme.check_verdict(text) is 'Refuses anything but sent, failed and resend';

revoke execute on function talkme.check_verdict(text) from public;
