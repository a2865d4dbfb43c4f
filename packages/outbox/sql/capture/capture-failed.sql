-- Runs with the rights of the table's owner, like the capture itself: evaluates the expressions again, one by one.
create or replace function talkme.capture_failed(
  capture text, functions text, on_error text, entries text[], captured anyelement, source regclass, event text,
  state text, rule text, message text, remedy text
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  culprit text;
  key     jsonb;
begin
  -- A second try may cure it, or nobody can: the application gets it, whatever the capture does with errors.
  if left(state, 2) in ('40', '53', '57', '58', 'XX') then
    raise exception using errcode = state, message = talkme.say(
      'capture_failed.server', jsonb_build_object('capture', capture, 'fault', talkme.without_values(message))
    );
  end if;

  -- Not the row's fault: somebody has dropped a part of the capture.
  if to_regprocedure(format('%s_map(%s, text)', functions, pg_typeof(captured))) is null then
    raise exception using
      errcode = state, constraint = 'capture_broken',
      message = talkme.say('capture_broken', jsonb_build_object('capture', capture)),
      hint = talkme.say('capture_broken.hint', jsonb_build_object('capture', capture));
  end if;

  begin
    execute format('select key from %s_map($1, ''key'')', functions) using captured into key;
  exception when others then null;
  end;
  foreach culprit in array array['when'] || entries loop
    begin
      if culprit = 'when' then
        execute format('select %s_when($1)', functions) using captured;
      else
        execute format('select from %s_map($1, $2)', functions) using captured, culprit;
      end if;
    exception when others then
      message := sqlerrm;
      exit;
    end;
    culprit := null;
  end loop;

  message := regexp_replace(talkme.without_values(message), '^captur[ea] [^[:space:]]+: ', '');
  culprit := coalesce(culprit, (select e from unnest(entries) as e where message ~ (E'\\m' || e || E'\\M') order by length(e) desc limit 1));
  remedy := coalesce(
    nullif(remedy, ''),
    talkme.say('capture_failed.hint', jsonb_build_object('capture', capture))
  );
  if on_error = 'record' then
    perform talkme.record_capture_error(
      capture, source::text, event, key, culprit, state, nullif(rule, ''), message,
      remedy || ' ' || talkme.say('capture_failed.recorded')
    );
    return;
  end if;
  raise exception using
    errcode = state,
    constraint = coalesce(nullif(rule, ''), 'capture_failed'),
    message = talkme.say('capture_failed', jsonb_build_object(
      'capture', capture, 'entry', coalesce(culprit, talkme.say('capture_failed.message')), 'fault', message
    )),
    detail = talkme.say('capture_failed.row', jsonb_build_object(
      'table', source::text, 'key', coalesce(key::text, talkme.say('capture_failed.keyless'))
    )),
    hint = remedy;
end
$$;

comment on function talkme.capture_failed(text, text, text, text[], anyelement, regclass, text, text, text, text, text) is
  'Finds which expression of a capture fails for a row, and raises or records it; captures call it';

revoke execute on function talkme.capture_failed(text, text, text, text[], anyelement, regclass, text, text, text, text, text) from public;
grant execute on function talkme.capture_failed(text, text, text, text[], anyelement, regclass, text, text, text, text, text) to talkme_producer;
