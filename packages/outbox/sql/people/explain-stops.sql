create or replace function talkme.explain_stops(o talkme.outbox) returns setof text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query select n from talkme.history_notice() as n where n is not null;

  return query
  select format(
    '%s is paused by %s since %s (%s): talkme.resume(%L) ends it.',
    case p.scope when 'all' then 'Everything' else initcap(split_part(p.scope, ':', 1)) || ' ' || split_part(p.scope, ':', 2) end,
    p.paused_by, talkme.say_time(p.paused_at), talkme.hide_numbers(p.reason), p.scope
  )
  from talkme.paused as p
  where p.scope = any (talkme.scopes_of(o.account, o.id_campanha::text, o.id_wpp::text))
  order by p.scope;

  return query
  select format('Campaign %s (%s) is not active: see talkme.campaign.', c.id_campanha, c.name)
  from talkme.campaign as c
  where c.account = o.account and c.id_campanha = o.id_campanha and not c.active;

  return query
  select format(
    'The circuit of account %s%s is open since %s, because %s. %s',
    c.account, case when c.credential <> '' then format(', for the token of instance %s alone,', c.reported_by) end,
    talkme.say_time(c.opened_at),
    case c.kind
      when 'not_found' then 'the API answered 404, and a third one in a row is said to lock the token'
      when 'authentication' then 'the API refuses the account'
      when 'trouble' then 'too many requests in a row came to nothing'
      when 'throttled' then 'the API asked to be sent less'
    end,
    case
      when c.half_open_at > now() then format(
        'One row is tried at %s; talkme.resume(''account:%s'') has it tried at once.', talkme.say_time(c.half_open_at), c.account
      )
      else 'One row is tried now.'
    end
  )
  from talkme.circuit as c
  where c.account = o.account and c.kind is not null
    and (c.credential = '' or c.reported_by in (select i.name from talkme.instance as i));

  return query
  select format(
    '%s: its rows wait until %s. If it is mended, talkme.resume(%L) has one row tried at once.',
    case
      when l.not_founds > 0
        then format('The API did not find the campaign or channel (404, %s in a row)', l.not_founds)
      else 'The API answered to the campaign or channel in words that no response rule knows (see the rows that are unknown)'
    end,
    talkme.say_time(l.quiet_until), coalesce('campaign:' || o.id_campanha, 'channel:' || o.id_wpp)
  )
  from talkme.lane as l
  where l.lane = o.lane and l.quiet_until > now();
end
$$;

comment on function talkme.explain_stops(talkme.outbox) is
  'The pauses, open circuits and so on that keep the rows of an account, campaign or channel waiting';

revoke execute on function talkme.explain_stops(talkme.outbox) from public;
