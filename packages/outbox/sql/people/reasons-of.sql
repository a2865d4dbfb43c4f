create or replace function talkme.reasons_of(o talkme.outbox) returns setof talkme.reason
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  case o.status
    when 'pending' then return query select r.* from talkme.reasons_of_pending(o) as r;
    when 'sending' then return query select r.* from talkme.reasons_of_sending(o) as r;
    else return query select r.* from talkme.reasons_of_end(o) as r;
  end case;
end
$$;

comment on function talkme.reasons_of(talkme.outbox) is 'Why a row has not been sent, or what became of it';

revoke execute on function talkme.reasons_of(talkme.outbox) from public;
