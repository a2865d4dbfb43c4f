create or replace function talkme.enqueue_problems(priority integer, on_duplicate_key text) returns setof talkme.problem
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if priority not between -32768 and 32767 then
    return next talkme.problem_of('outbox_priority_range', 'priority', jsonb_build_object('priority', priority));
  end if;
  if on_duplicate_key is distinct from 'refuse' and on_duplicate_key is distinct from 'skip' then
    return next talkme.problem_of(
      'outbox_on_duplicate_key_known', 'on_duplicate_key',
      jsonb_build_object('on_duplicate_key', coalesce(quote_literal(on_duplicate_key), 'null'))
    );
  end if;
end
$$;

comment on function talkme.enqueue_problems(integer, text) is
  'What is wrong with the arguments of talkme.enqueue, beyond the message';

revoke execute on function talkme.enqueue_problems(integer, text) from public;
grant execute on function talkme.enqueue_problems(integer, text) to talkme_producer;
