create or replace function talkme.explain(id bigint, language text default null) returns text
language plpgsql stable
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  o         constant talkme.outbox := talkme.find_row(id, '{talkme_operator,talkme_viewer,talkme_daemon,talkme_marketing}');
  wanted    constant text := talkme.language(language);
  about     jsonb := jsonb_build_object('id', coalesce(id::text, 'null'));
  reason    talkme.reason;
  error     text;
  sentences text[] := '{}';
begin
  if o.id is null then
    return talkme.say('reason.no_row', about, wanted);
  elsif o.status = 'pending' then
    sentences := array[talkme.say('reason.pending', about, wanted)];
  end if;
  for reason in select r.* from talkme.reasons_of(o) as r loop
    -- Whoever writes the status by hand may give a sentence without a code.
    error := rtrim(talkme.say_error(reason.parameters ->> 'error_code', reason.parameters ->> 'error', wanted), '.');
    sentences := sentences || case reason.code
      when 'history_changed' then talkme.history_notice(wanted)
      else talkme.say('reason.' || reason.code, reason.parameters || about || jsonb_build_object(
        'sentence', error, 'why', nullif(concat_ws(': ', reason.parameters ->> 'error_code', error), '')
      ), wanted)
    end;
  end loop;
  return array_to_string(sentences, ' ');
end
$$;

comment on function talkme.explain(bigint, text) is
  'Why a row has not been sent, or what became of it, and what to do: in sentences, without the recipient; the second argument is en or pt-BR, by default what talkme.language says';

revoke execute on function talkme.explain(bigint, text) from public;
grant execute on function talkme.explain(bigint, text) to talkme_operator, talkme_producer, talkme_viewer, talkme_marketing;
