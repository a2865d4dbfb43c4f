create or replace function talkme.obstacle_to(action text, o talkme.outbox, how jsonb) returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return case action
    when 'retry' then coalesce(
      talkme.obstacle_to_resend(o, (how ->> 'expires_at')::timestamptz),
      case when talkme.may_have_been_sent(o.id) then 'perhaps_sent' end
    )
    when 'resolve' then case when how ->> 'as' = 'resend' then talkme.obstacle_to_resend(o, null) end
    when 'resume' then talkme.obstacle_to_release(o)
    when 'correct' then talkme.obstacle_to_correct(o, how -> 'changes')
  end;
end
$$;

comment on function talkme.obstacle_to(text, talkme.outbox, jsonb) is
  'What keeps an action from being done with a row that is in the right state, as a word of talkme.say: obstacle; null if nothing does';

revoke execute on function talkme.obstacle_to(text, talkme.outbox, jsonb) from public;
