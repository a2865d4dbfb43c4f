-- Within a SECURITY DEFINER function current_user is the function's owner; the caller is the role that was set, or else the user
-- of the session. In plpgsql, which keeps its plan: as a default of talkme.outbox, a function in SQL would be parsed and inlined
-- at each insert, which took a fifteenth of it. It looks nothing up in the caller's search_path.
create or replace function talkme.caller() returns name
language plpgsql stable parallel safe
as $$
begin
  return case
    when pg_catalog.current_setting('role') operator(pg_catalog.=) 'none' then session_user
    else pg_catalog.current_setting('role')::pg_catalog.name
  end;
end
$$;

comment on function talkme.caller() is 'The role that acts, also within a function that runs with its owner''s rights';

-- A default calls it with the rights of whoever writes the row: anybody who was granted the insert. It reads no table.
grant execute on function talkme.caller() to public;
