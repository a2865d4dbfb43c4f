-- Only PostgreSQL's own parser can say that a text is one expression, and nothing that closes a parenthesis and goes on. The
-- parser reads the whole string before it looks at the first statement, which always fails: nothing of the text is ever looked
-- up or run. The text has to be well-formed in each of three surroundings:
--
--   (...)          an open quote, dollar quote or comment never ends: nothing that could end it follows
--   array[...]     a parenthesis that the text closes without opening it does not fit the bracket
--   case ... end   it is one expression and not a list
--
-- What is well-formed in all three is one expression with balanced brackets, and may stand in parentheses anywhere. The
-- newline ends a comment.
create or replace function talkme.check_one_expression(expression text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set standard_conforming_strings = on
as $$
declare
  surroundings text;
begin
  foreach surroundings in array array[E'(%s\n)', E'array[%s\n]', E'case when true then %s\n end'] loop
    begin
      execute 'select from pg_catalog.talkme_only_parses; select ' || replace(surroundings, '%s', expression);
    exception
      when undefined_table then
        if sqlerrm !~ 'talkme_only_parses' then
          raise;
        end if;
    end;
  end loop;
end
$$;

comment on function talkme.check_one_expression(text) is
  'Raises the parser''s error unless the text is a single SQL expression; runs nothing of it';

revoke execute on function talkme.check_one_expression(text) from public;
grant execute on function talkme.check_one_expression(text) to talkme_producer;
