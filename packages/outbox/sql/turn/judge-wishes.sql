-- Inlined where it is called.
create or replace function talkme.judge_wishes(wishes json, claimer text) returns table (
  account text, lane text, priority smallint, due_at timestamptz, id bigint, "limit" integer, scan integer,
  open_minutes int4multirange, gap interval, avoid bigint[], allowed boolean
)
language sql stable
as $$
  select
    w.account, w.lane, w.priority,
    coalesce(timestamptz 'epoch' + w.due_at_us * interval '1 microsecond', '-infinity'), w.id, w."limit", w.scan,
    coalesce(c.open_minutes, a.open_minutes), nullif(coalesce(c.recipient_gap, a.recipient_gap), interval '0'), w.avoid,
    -- Nearly always nothing is paused: ask once for all lanes.
    ((select true from talkme.paused limit 1) is null or not exists (
      select from talkme.paused as p
      where p.scope = any (talkme.scopes_of(w.account, l.campaign, l.channel))
    ))
    and coalesce(c.active, true)
    -- If a window, a gap or a rate has changed, the daemon has to look again.
    and (w.rules is null or w.rules = coalesce(a.xmin::text, '') || '/' || coalesce(c.xmin::text, ''))
    and (i.account is null and not w.trial or coalesce(
      i.alarms <= w.alarms
        and case when w.trial then i.trial_by = claimer else i.kind is null and i.not_founds = 0 end,
      false
    ))
  from json_to_recordset(wishes) as w (
    lane text, priority smallint, due_at_us bigint, id bigint, "limit" integer, scan integer,
    account text, campaign bigint, alarms bigint, trial boolean, rules text, avoid bigint[]
  )
  cross join talkme.lane_parts(w.lane) as l
  left join talkme.account as a on a.account = w.account
  left join talkme.campaign as c
    on c.account = w.account and c.id_campanha = w.campaign
  left join talkme.circuit as i on i.account = w.account and i.credential = ''
$$;

comment on function talkme.judge_wishes(json, text) is
  'Which of the wished lanes the daemon may claim from now, from which row on, and by which rules';

-- With the rights of the caller: it does only what talkme_daemon may do anyway.
revoke execute on function talkme.judge_wishes(json, text) from public;
grant execute on function talkme.judge_wishes(json, text) to talkme_daemon;
