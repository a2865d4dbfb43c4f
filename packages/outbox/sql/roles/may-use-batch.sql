create or replace function talkme.may_use_batch(batch_id bigint) returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  owner name;
begin
  select b.created_by into owner from talkme.batch as b where b.id = batch_id;
  -- Nearly always it is the caller's own; the other question takes longer.
  return owner is not null
    and (owner = talkme.caller() or talkme.caller_is('{talkme_operator}') or talkme.caller_is_creator(owner));
end
$$;

comment on function talkme.may_use_batch(bigint) is
  'Whether a batch exists and the caller may use it: its creator, a member of that role, or an operator';

revoke execute on function talkme.may_use_batch(bigint) from public;
