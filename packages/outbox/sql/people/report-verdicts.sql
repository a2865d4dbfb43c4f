create or replace function talkme.report_verdicts(matched talkme.match[], were_sent bigint[], not_sent_as text, go boolean)
returns setof talkme.touched
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  decided talkme.match[];
begin
  decided := array(select f from unnest(matched) as f join unnest(were_sent) as s (id) on s.id = f.id where f.obstacle is null);
  if decided <> '{}' then
    return query select * from talkme.report_touched(decided, 'sent', go);
  end if;
  decided := array(
    select f from unnest(matched) as f left join unnest(were_sent) as s (id) on s.id = f.id where f.obstacle is null and s.id is null
  );
  if decided <> '{}' then
    return query select * from talkme.report_touched(decided, case not_sent_as when 'resend' then 'pending' else not_sent_as end, go);
  end if;
  decided := array(select f from unnest(matched) as f where f.obstacle is not null);
  if decided <> '{}' or matched = '{}' then
    return query select * from talkme.report_touched(decided, 'sent', go);
  end if;
end
$$;

comment on function talkme.report_verdicts(talkme.match[], bigint[], text, boolean) is
  'What talkme.resolve_report did, or would do without go, for each verdict, by status and error_code';

revoke execute on function talkme.report_verdicts(talkme.match[], bigint[], text, boolean) from public;
