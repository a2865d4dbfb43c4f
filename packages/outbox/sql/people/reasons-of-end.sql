create or replace function talkme.reasons_of_end(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  failure     constant jsonb := jsonb_build_object('error_code', o.error_code, 'error', talkme.hide_numbers(o.error));
  by_whom     jsonb := jsonb_build_object('at', o.finished_at);
  suppression talkme.suppression;
begin
  select by_whom || jsonb_build_object('by', e.by, 'reason', e.reason) into by_whom from talkme.ended_by(o) as e;
  case
    when o.status = 'sent' and by_whom ->> 'by' is not null then
      return next ('declared_sent', by_whom)::talkme.reason;
    when o.status = 'sent' then
      return next ('sent', jsonb_build_object('at', o.finished_at, 'reference', o.reference))::talkme.reason;
    when o.status = 'unknown' then
      return next ('may_have_been_sent', failure || jsonb_build_object('attempts', o.attempts, 'since', o.claimed_at))::talkme.reason;
    when o.status = 'failed' and by_whom ->> 'by' is not null then
      return next ('declared_failed', failure || by_whom)::talkme.reason;
    when o.status = 'failed' then
      return next ('failed', failure || jsonb_build_object('at', o.finished_at, 'attempts', o.attempts))::talkme.reason;
    when o.status = 'expired' then
      return next ('expired', jsonb_build_object('at', o.finished_at, 'expires_at', o.expires_at))::talkme.reason;
    when o.error_code = 'suppressed' then
      select * into suppression
      from talkme.suppression as s
      where s.recipient in (o.recipient, talkme.address_key(o.email_dest))
      limit 1;
      return next (
        case when found then 'cancelled_suppressed' else 'cancelled_unsuppressed' end,
        jsonb_build_object(
          'at', o.finished_at, 'by', suppression.suppressed_by, 'since', suppression.suppressed_at,
          'reason', talkme.hide_numbers(suppression.reason)
        )
      )::talkme.reason;
    when o.error_code = 'forgotten' then
      return next ('cancelled_forgotten', jsonb_build_object('at', o.finished_at))::talkme.reason;
    else
      return next ('cancelled', by_whom)::talkme.reason;
  end case;
  if o.blanked_at is not null then
    return next ('blanked', jsonb_build_object('at', o.blanked_at))::talkme.reason;
  end if;
end
$$;

comment on function talkme.reasons_of_end(talkme.outbox) is 'How a row that does not wait any more ended, or why nobody knows';

revoke execute on function talkme.reasons_of_end(talkme.outbox) from public;
