-- Inlined where it is called. Reads from the end: only an account's name that bypassed the checks may hold a slash.
-- The same as in packages/outbox/src/lane.ts.
create or replace function talkme.lane_parts(lane text) returns table (account text, campaign text, channel text)
language sql immutable parallel safe
as $$
  select
    left(lane, -2 - length(split_part(lane, '/', -2)) - length(split_part(lane, '/', -1))),
    nullif(split_part(lane, '/', -2), '-'), nullif(split_part(lane, '/', -1), '-')
$$;

comment on function talkme.lane_parts(text) is 'Account, campaign and channel of a lane; null for each that it lacks';

revoke execute on function talkme.lane_parts(text) from public;
grant execute on function talkme.lane_parts(text) to talkme_daemon;
