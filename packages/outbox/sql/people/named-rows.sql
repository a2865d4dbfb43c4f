-- The conditions by which a few rows are found at once, whatever their status: looked up first, so that no index of a status is
-- walked for them.
create or replace function talkme.named_rows(filter jsonb) returns bigint[]
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_custom_plan
as $$
declare
  whom  constant text := filter ->> 'recipient';
  key   constant text := filter ->> 'dedupe_key';
  named bigint[] := case
    when filter ? 'ids' then array(select e::bigint from jsonb_array_elements_text(filter -> 'ids') as e where e is not null)
  end;
begin
  if key is not null then
    named := array(
      -- The index begins with the account: one descent for each.
      with recursive of (account) as (
        (select o.account from talkme.outbox as o where o.dedupe_key is not null order by o.account limit 1)
        union all
        select (
          select o.account from talkme.outbox as o where o.dedupe_key is not null and o.account > of.account order by o.account limit 1
        )
        from of
        where of.account is not null
      )
      select o.id
      from of
      join talkme.outbox as o on o.account = of.account and o.dedupe_key = key
      where named is null or o.id = any (named)
    );
  end if;
  if whom is not null then
    named := array(
      select o.id from talkme.outbox as o
      where (o.recipient = whom or o.email_dest is not null and talkme.address_key(o.email_dest) = whom)
        and (named is null or o.id = any (named))
    );
  end if;
  return named;
end
$$;

comment on function talkme.named_rows(jsonb) is
  'The ids that a filter asks for by ids, recipient and dedupe_key; null if it has none of these';

revoke execute on function talkme.named_rows(jsonb) from public;
