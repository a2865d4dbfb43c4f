-- Once no instance with TALKME_CLAIM_DURABILITY=local was registered for a lease, and as long as one with standby is. By then, whatever
-- such an instance asked for has ended.
create or replace function talkme.raise_claim_durability() returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  h     talkme.history;
  lease constant interval := interval '1 second' * (select max(i.lease_seconds) from talkme.instance as i);
begin
  select * into h from talkme.history where claim_durability = 'local' and changed_at is null;
  if h.singleton is null or not exists (select from talkme.instance as i where i.durability = 'standby') then
    return false;
  end if;
  select * into h from talkme.history for update;
  if exists (select from talkme.instance as i where i.durability = 'local') then
    update talkme.history set local_gone_at = null where local_gone_at is not null;
    return false;
  elsif h.local_gone_at is null then
    update talkme.history set local_gone_at = clock_timestamp();
    return false;
  elsif h.claim_durability = 'standby' or h.changed_at is not null or h.local_gone_at > clock_timestamp() - lease then
    return false;
  end if;
  update talkme.history set claim_durability = 'standby';
  perform talkme.record_audit(
    'raise_claim_durability', jsonb_build_object('from', 'local', 'to', 'standby'), 0,
    'no instance with TALKME_CLAIM_DURABILITY=local is registered any more'
  );
  return true;
end
$$;

comment on function talkme.raise_claim_durability() is
  'Notes that a standby confirms every claim from now on: instances with TALKME_CLAIM_DURABILITY=local claim nothing any more. syncd calls it';

revoke execute on function talkme.raise_claim_durability() from public;
grant execute on function talkme.raise_claim_durability() to talkme_daemon;
