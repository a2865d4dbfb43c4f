create or replace function talkme.correct_line(list_id bigint, line integer, cells text[] default null, left_out boolean default null)
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  mine constant talkme.list := talkme.unsent_list(list_id);
begin
  if cardinality(correct_line.cells) > cardinality(mine.columns) then
    perform talkme.refuse_as('list_cells_number', jsonb_build_object('columns', cardinality(mine.columns)), '22023');
  end if;
  update talkme.list_line as l
  set cells = coalesce(correct_line.cells, l.cells), left_out = coalesce(correct_line.left_out, l.left_out), codes = null
  where l.list_id = mine.id and l.line = correct_line.line;
  if not found then
    perform talkme.refuse_as('list_line_exists', jsonb_build_object('id', mine.id, 'line', line), 'P0002');
  end if;
  update talkme.list as l set checked_at = null where l.id = mine.id;
end
$$;

comment on function talkme.correct_line(bigint, integer, text[], boolean) is
  'Writes the cells of a line of a list, or takes the line out of it or back in; the list has to be checked again';

revoke execute on function talkme.correct_line(bigint, integer, text[], boolean) from public;
grant execute on function talkme.correct_line(bigint, integer, text[], boolean) to talkme_operator, talkme_producer, talkme_marketing;
