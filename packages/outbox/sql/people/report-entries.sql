create or replace function talkme.report_entries(sent text[], not_sent text[]) returns table (recipient text, is_sent boolean, is_not_sent boolean)
language sql stable
set search_path = pg_catalog, pg_temp
begin atomic
  select e.recipient, bool_or(e.said), bool_or(not e.said)
  from (
    select
      s.said,
      case
        when talkme.is_plain_number(s.whom) then '55' || s.whom
        when s.whom ~ '@' then talkme.address_key(s.whom)
        else talkme.number_key(s.whom)
      end as recipient
    from (select w as whom, true as said from unnest(sent) as w union all select w, false from unnest(not_sent) as w) as s
    where s.whom is not null
  ) as e
  group by e.recipient;
end;

comment on function talkme.report_entries(text[], text[]) is
  'What a report says of each recipient, in the form of talkme.outbox.recipient; null or ?... for what cannot be read';

revoke execute on function talkme.report_entries(text[], text[]) from public;
