-- The functions that are made for people, as each role may call them. All others are machinery: triggers and views run them with the
-- rights of whoever writes or reads, so that some have to be granted.
create or replace view talkme.help as
select
  f.topic,
  'talkme.' || p.proname || '(' || coalesce((
    select string_agg(
      case
        when a.place = p.pronargs - p.pronargdefaults + 1 then case when a.place = 1 then '[' else ' [, ' end
        when a.place > 1 then ', '
        else ''
      end || a.name,
      '' order by a.place
    ) || case when p.pronargdefaults > 0 then ']' else '' end
    from unnest(p.proargnames[1:p.pronargs]) with ordinality as a (name, place)
  ), '') || ')' as call,
  obj_description(p.oid, 'pg_proc') as does,
  array(
    select r.rolname::text
    from pg_roles as r
    where r.rolname in ('talkme_producer', 'talkme_viewer', 'talkme_operator', 'talkme_marketing') and has_function_privilege(r.oid, p.oid, 'execute')
    order by r.rolname
  ) as roles
from (
  values
    (1, 'write', '{enqueue,problems}'::name[]),
    (2, 'lists', '{begin_list,add_lines,map_list,preview_list,check_list,count_list,list_problems,list_lines,correct_line,send_list,end_list,drop_list}'),
    (3, 'look', '{explain,reasons,history,history_doubts,find_messages,export_batch,reveal,number_key}'),
    (4, 'one row', '{cancel,retry,resolve}'),
    (5, 'many rows', '{cancel_where,retry_where,resolve_where,resolve_report,pause_where,resume_where,correct_where,postpone_where}'),
    (6, 'pauses', '{pause,resume,acknowledge_history,allow_local_claims}'),
    (7, 'recipients', '{suppress,unsuppress,forget,hash_recipient}'),
    (8, 'settings', '{set_campaign,set_account,set_holiday,apply_retention}'),
    (9, 'captures', '{capture,drop_capture,reais}'),
    (10, 'marketing', '{grant_campaign,revoke_campaign}')
) as f (topic_place, topic, names)
cross join lateral unnest(f.names) with ordinality as n (name, place)
join pg_proc as p on p.pronamespace = 'talkme'::regnamespace and p.proname = n.name
where has_function_privilege(p.oid, 'execute')
order by f.topic_place, n.place, p.pronargs;

comment on view talkme.help is 'What you may call: the functions for people, with what each does. Arguments in brackets may be left out; name them: talkme.cancel(42, reason => ''withdrawn'')';
comment on column talkme.help.topic is 'What it is for';
comment on column talkme.help.call is 'The function and its arguments; those in brackets may be left out';
comment on column talkme.help.does is 'What it does';
comment on column talkme.help.roles is 'Which roles may call it';

grant select on talkme.help to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
