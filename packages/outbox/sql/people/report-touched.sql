create or replace function talkme.report_touched(matched talkme.match[], done text, go boolean) returns setof talkme.touched
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select
    case
      when f.obstacle is not null then talkme.say('touched.left', jsonb_build_object('obstacle', f.obstacle))
      when go then talkme.say('done.' || done)
      else talkme.say('touched.would', jsonb_build_object('done', done))
    end,
    f.status, f.error_code, count(*)
  from unnest(matched) as f
  group by f.obstacle, f.status, f.error_code
  order by f.obstacle is not null, count(*) desc, f.obstacle, f.status, f.error_code;
  if not found then
    return next (talkme.say('touched.none'), null, null, 0)::talkme.touched;
  end if;
end
$$;

comment on function talkme.report_touched(talkme.match[], text, boolean) is
  'What was done, or would be done without go, by status and error_code';

revoke execute on function talkme.report_touched(talkme.match[], text, boolean) from public;
