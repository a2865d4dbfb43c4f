-- Inlined where it is called. The same as in packages/outbox/src/lane.ts, which leaves out 'all'.
create or replace function talkme.scopes_of(account text, campaign text, channel text) returns text[]
language sql immutable parallel safe
return array['all', 'account:' || account, 'campaign:' || campaign, 'channel:' || channel];

comment on function talkme.scopes_of(text, text, text) is
  'The scopes of an account, campaign and channel: a pause of any of them stops their rows';

revoke execute on function talkme.scopes_of(text, text, text) from public;
grant execute on function talkme.scopes_of(text, text, text) to talkme_daemon, talkme_operator, talkme_viewer;
