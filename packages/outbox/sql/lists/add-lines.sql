-- Cells come as JSON: an array of PostgreSQL's must have as many cells in each line.
create or replace function talkme.add_lines(list_id bigint, lines integer[], cells jsonb) returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  if mine.complete then
    perform talkme.refuse_as('list_incomplete', jsonb_build_object('id', list_id));
  end if;
  insert into talkme.list_line (list_id, line, cells)
  select mine.id, l.line, array(select c.cell from jsonb_array_elements_text(l.cells) with ordinality as c (cell, n) order by c.n)
  from rows from (unnest(lines), jsonb_array_elements(cells)) as l (line, cells);
end
$$;

comment on function talkme.add_lines(bigint, integer[], jsonb) is
  'Adds lines to a list that is being read: their numbers in the file, and for each an array of its cells';

revoke execute on function talkme.add_lines(bigint, integer[], jsonb) from public;
grant execute on function talkme.add_lines(bigint, integer[], jsonb) to talkme_operator, talkme_producer, talkme_marketing;
