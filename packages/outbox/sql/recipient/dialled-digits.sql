create or replace function talkme.dialled_digits(numero_dest text) returns text
language plpgsql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
  written constant text collate "C" := talkme.trim_blanks(numero_dest);
  digits  text collate "C";
begin
  if length(written) > 40 or written !~ (case getdatabaseencoding()
      when 'UTF8' then E'^[+]?[0-9 \\u00a0\\u202f()./\\u2010-\\u2015\\u2212-]+$'
      else '^[+]?[0-9 ()./-]+$'
    end)
    -- One digit alone at the end is a decimal, a check digit, an extension or an alternative.
    or written ~ '[^0-9][0-9]$' or written ~ '[)]$'
    -- Nor is it a number below zero.
    or written ~ '^[^+(0-9]'
    -- A dot separates groups: none before a dot has more than five digits; after the last dot come three digits or more, or two
    -- after two others, as the French write.
    or written ~ '[.]' and (
      written ~ '(^|[^0-9)])[.]|[.]([^0-9]|$)|[0-9]{6}[.]'
      or written !~ '([.][0-9]{3,}|(^|[^0-9])[0-9]{2}[.][0-9]{2})([^.0-9][^.]*)?$'
    )
    -- A slash follows an area code; it does not precede an extension or a second number, nor follow a group of a CNPJ.
    or written ~ '[/.].*/' or written ~ '/' and length(regexp_replace(split_part(written, '/', 2), '[^0-9]', '', 'g')) < 6
  then
    return null;
  end if;
  digits := regexp_replace(written, '[^0-9]', '', 'g');
  -- In Brazil two digits at the end follow two others; otherwise they are those of a CPF, or an extension.
  if written ~ '[^0-9][0-9]{2}$' and written !~ '(^|[^0-9])[0-9]{2}[^0-9]+[0-9]{2}$'
    and (written !~ '^[+]' and digits !~ '^00' or digits ~ '^(00)?55')
  then
    return null;
  end if;
  return case
    when written ~ '^[+]' then '+' || digits
    when digits ~ '^00' then '+' || substr(digits, 3)
    else digits
  end;
end
$$;

comment on function talkme.dialled_digits(text) is
  'The digits to dial for a written number, with a + where the country code comes first, which 00 says as well; null for what is not written as one telephone number';

grant execute on function talkme.dialled_digits(text) to public;
