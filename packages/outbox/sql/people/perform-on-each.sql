-- A customer's trigger may refuse one row of a hundred thousand. Halves that fail are halved again, so that it costs few
-- subtransactions to find which.
create or replace function talkme.perform_on_each(action text, ids bigint[], how jsonb) returns table (id bigint, obstacle text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  middle constant integer := cardinality(ids) / 2;
  before text[];
begin
  if cardinality(ids) = 0 then
    return;
  end if;
  if action = 'correct' then
    before := array(select md5(o::text) from talkme.outbox as o where o.id = any (ids));
  end if;
  begin
    perform talkme.perform_action(action, ids, how);
    -- A trigger may also keep a row as it was without a word: what was not done is not reported as done.
    return query
    select o.id, 'unchanged'
    from talkme.outbox as o
    where o.id = any (ids) and case action
      when 'correct' then
        md5(o::text) = any (before) and talkme.corrected(o, how -> 'changes') is distinct from o
      when 'pause' then o.retry_at is distinct from talkme.held_until()
      when 'resume' then o.retry_at = talkme.held_until()
      else o.status <> case action when 'cancel' then 'cancelled' when 'retry' then 'pending' else replace(how ->> 'as', 'resend', 'pending') end
    end;
    return;
  exception when others then
    -- The database's own trouble is no matter of a row.
    if sqlstate ~ '^(40|53|54|57|58|XX|55P03)' then
      raise;
    elsif middle = 0 then
      return query select ids[1], talkme.hide_numbers(sqlerrm);
      return;
    end if;
  end;
  return query select * from talkme.perform_on_each(action, ids[:middle], how);
  return query select * from talkme.perform_on_each(action, ids[middle + 1:], how);
end
$$;

comment on function talkme.perform_on_each(text, bigint[], jsonb) is
  'As talkme.perform_action, but leaves out the rows that something refuses or keeps as they were; returns these, and why';

revoke execute on function talkme.perform_on_each(text, bigint[], jsonb) from public;
