create or replace function talkme.report_entries_left(sent text[], not_sent text[], matched talkme.match[])
returns setof talkme.touched
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  with entry as (
    select e.recipient, e.recipient is null or e.recipient ~ '^[?]' as unreadable from talkme.report_entries(sent, not_sent) as e
  ),
  known as (
    select o.recipient
    from unnest(matched) as f
    join talkme.outbox as o on o.id = f.id
    union
    select talkme.address_key(o.email_dest)
    from unnest(matched) as f
    join talkme.outbox as o on o.id = f.id
    where o.email_dest is not null
  )
  select case when e.unreadable then talkme.say('report.unreadable') else talkme.say('report.no_row') end, null::text, null::text, count(*)
  from entry as e
  left join known as k on k.recipient = e.recipient
  where e.unreadable or k.recipient is null
  group by e.unreadable
  order by e.unreadable;
end;

comment on function talkme.report_entries_left(text[], text[], talkme.match[]) is
  'How many recipients of a report cannot be read, and of how many no unknown row was found';

revoke execute on function talkme.report_entries_left(text[], text[], talkme.match[]) from public;
