create or replace function talkme.refuse_resume(scope text, parts text[]) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  stopped_by name;
begin
  if parts[1] <> 'campaign' or talkme.caller_is('{talkme_operator}') or not talkme.caller_is('{talkme_marketing}') then
    return;
  end if;
  select p.paused_by into stopped_by from talkme.paused as p where p.scope = refuse_resume.scope;
  if not coalesce(talkme.caller_is_creator(stopped_by), false) then
    raise exception using
      errcode = 'insufficient_privilege',
      message = case
        when stopped_by is null then talkme.say('resume_own.none', jsonb_build_object('scope', scope))
        else talkme.say('resume_own.other', jsonb_build_object('scope', scope, 'who', stopped_by))
      end,
      hint = talkme.say('resume_own.hint');
  end if;
end
$$;

comment on function talkme.refuse_resume(text, text[]) is
  'Refuses a member of talkme_marketing what somebody else has stopped: held rows, open circuits, and pauses by others';

revoke execute on function talkme.refuse_resume(text, text[]) from public;
