create or replace function talkme.enqueue_problems(priority integer, on_duplicate_key text) returns setof talkme.problem
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
begin atomic
  select
    'outbox_priority_range', 'priority', format('priority cannot be %s', priority),
    'Write a number from -32768 to 32767, or leave it out for 0.'
  where priority not between -32768 and 32767
  union all
  select
    'outbox_on_duplicate_key_known', 'on_duplicate_key',
    format('on_duplicate_key cannot be %s', coalesce(quote_literal(on_duplicate_key), 'null')),
    'Write refuse (a dedupe_key that exists fails the call) or skip (the call returns null), or leave it out for refuse.'
  where on_duplicate_key is distinct from 'refuse' and on_duplicate_key is distinct from 'skip';
end;

comment on function talkme.enqueue_problems(integer, text) is
  'What is wrong with the arguments of talkme.enqueue, beyond the message';

revoke execute on function talkme.enqueue_problems(integer, text) from public;
grant execute on function talkme.enqueue_problems(integer, text) to talkme_producer;
