-- An accent may be a character of its own, as macOS writes it. Of two spellings with different values both stay, and are a problem.
create or replace function talkme.plain_info_contato(info jsonb) returns jsonb
language plpgsql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  spelling record;
begin
  if jsonb_typeof(info) <> 'object' then
    return info;
  end if;
  if getdatabaseencoding() = 'UTF8' then
    for spelling in
      select key as accented, normalize(key, nfc) as plain from jsonb_object_keys(info) as key where key is not nfc normalized
    loop
      if not info ? spelling.plain or info -> spelling.plain = info -> spelling.accented then
        info := info - spelling.accented || jsonb_build_object(spelling.plain, info -> spelling.accented);
      end if;
    end loop;
  end if;
  for spelling in select * from (values ('endereço', 'endereco'), ('país', 'pais')) as s (accented, plain) loop
    if info ? spelling.accented and not (
      info ? spelling.plain and info -> spelling.plain <> info -> spelling.accented
      and not coalesce(talkme.is_blank(info ->> spelling.plain), false)
      and not coalesce(talkme.is_blank(info ->> spelling.accented), false)
    ) then
      info := info - spelling.accented || case
        when talkme.is_blank(info ->> spelling.accented) and info ? spelling.plain then '{}'
        else jsonb_build_object(spelling.plain, info -> spelling.accented)
      end;
    end if;
  end loop;
  return info;
end
$$;

comment on function talkme.plain_info_contato(jsonb) is 'Variables under their unaccented names';

revoke execute on function talkme.plain_info_contato(jsonb) from public;
