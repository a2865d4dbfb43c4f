-- Tolerates what LANG says, too: pt, pt_BR, pt_BR.UTF-8. The sessions of syncd are always English, as its log lines are: what it
-- says to people in another language, it asks for by name.
create or replace function talkme.language(wanted text default null) returns text
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
  if wanted is null and current_setting('application_name') ^@ 'syncd' then
    return 'en';
  end if;
  return case
    when coalesce(wanted, current_setting('talkme.language', true)) ~* '^pt([-_]br)?([.@].*)?$' then 'pt-BR'
    else 'en'
  end;
end
$$;

comment on function talkme.language(text) is
  'The language of sentences for people, pt-BR or en: the one that is wanted, or else the setting talkme.language of session, role or database';

-- Whoever writes rows may be refused, in any language. It reads no table.
grant execute on function talkme.language(text) to public;
