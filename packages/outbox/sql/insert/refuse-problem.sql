create or replace function talkme.refuse_problem(problem talkme.problem, o talkme.outbox, operation text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform talkme.outbox_refuse(problem.code, problem.complaint, problem.remedy, talkme.say_which(o, operation));
end
$$;

comment on function talkme.refuse_problem(talkme.problem, talkme.outbox, text) is 'Refuses a row for a problem, and says which row it is';

revoke execute on function talkme.refuse_problem(talkme.problem, talkme.outbox, text) from public;
