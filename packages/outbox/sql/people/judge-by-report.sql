-- A report names a recipient, not a message. So another message to the same one, of the campaign and time that the report is about,
-- may be what it means: whoever took it for this one would take one for sent that was not.
create or replace function talkme.judge_by_report(
  matched talkme.match[], said_sent text[], said_not_sent text[], not_sent_as text, filter jsonb
) returns table (id bigint, status text, error_code text, obstacle text, verdict text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  campaign constant bigint      := filter ->> 'id_campanha';
  channel  constant bigint      := filter ->> 'id_wpp';
  since    constant timestamptz := filter ->> 'since';
  until    constant timestamptz := filter ->> 'until';
begin
  return query
  with entry as materialized (
    select * from talkme.report_entries(said_sent, said_not_sent)
  ),
  asked as materialized (
    select
      o as message, o.id, o.account, o.recipient, case when o.email_dest is not null then talkme.address_key(o.email_dest) end as address
    from talkme.outbox as o
    where o.id = any (array(select f.id from unnest(matched) as f where f.obstacle is null))
  ),
  said as materialized (
    select k.id, bool_or(e.is_sent) as is_sent, bool_or(e.is_not_sent) as is_not_sent
    from (
      select a.id, a.recipient as key from asked as a union all select a.id, a.address from asked as a
    ) as k
    join entry as e on e.recipient = k.key
    group by k.id
  )
  select
    f.id, f.status, f.error_code,
    coalesce(f.obstacle, case
      when s.id is null then 'not_in_report'
      when s.is_sent and s.is_not_sent then 'report_contradicts'
      when exists (
        select from talkme.outbox as r
        where (
            r.recipient = any (array[a.recipient, talkme.hash_recipient(a.recipient), a.address, talkme.hash_recipient(a.address)])
            or r.email_dest is not null and talkme.address_key(r.email_dest) = a.address
          )
          and r.id <> a.id and r.account = a.account
          and (campaign is null or r.id_campanha = campaign) and (channel is null or r.id_wpp = channel)
          and (since is null or r.claimed_at >= since) and (until is null or r.claimed_at < until)
          and (r.status in ('sent', 'unknown', 'sending') or talkme.may_have_been_sent(r.id))
      ) then 'report_ambiguous'
      when s.is_not_sent and not_sent_as = 'resend' then talkme.obstacle_to_resend(a.message, null)
    end),
    case when s.is_sent then 'sent' else not_sent_as end
  from unnest(matched) as f
  left join asked as a using (id)
  left join said as s using (id);
end
$$;

comment on function talkme.judge_by_report(talkme.match[], text[], text[], text, jsonb) is
  'What a report says of unknown rows: the verdict for each, or why there is none, as a word of talkme.say: obstacle';

revoke execute on function talkme.judge_by_report(talkme.match[], text[], text[], text, jsonb) from public;
