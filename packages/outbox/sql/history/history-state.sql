create or replace function talkme.history_state(
  out changed boolean, out changed_at timestamptz, out confirmable_at timestamptz, out acknowledgeable_at timestamptz,
  out was_system_identifier bigint, out was_timeline text, out system_identifier bigint, out timeline text,
  out missing_claims bigint, out claim_durability text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  h talkme.history;
begin
  select * into h from talkme.history;
  select s.system_identifier, s.timeline into system_identifier, timeline from talkme.server_identity() as s;
  -- Nobody may have noticed it yet.
  changed := h.changed_at is not null or h.singleton is not null and not (
    (h.system_identifier is null or h.system_identifier is not distinct from system_identifier)
    -- A standby of the acknowledged server has no timeline to show.
    and (h.timeline is null or h.timeline is not distinct from timeline or pg_is_in_recovery())
  );
  changed_at := h.changed_at;
  confirmable_at := h.changed_at + interval '1 second'
    * greatest(h.lease_seconds, (select max(i.lease_seconds) from talkme.instance as i));
  -- A request that began within the lease may still be on the wire: a person who looks before it ends does not see its message.
  acknowledgeable_at := confirmable_at + interval '1 second'
    * greatest(h.request_seconds, (select max(i.request_seconds) from talkme.instance as i));
  was_system_identifier := h.system_identifier;
  was_timeline := h.timeline;
  missing_claims := h.missing_claims;
  claim_durability := coalesce(h.claim_durability, 'local');
end
$$;

comment on function talkme.history_state() is
  'Whether the database is the acknowledged one of talkme.history; if not, what changed, since when, and from when on it may be acknowledged';

revoke execute on function talkme.history_state() from public;
grant execute on function talkme.history_state() to talkme_daemon, talkme_operator, talkme_viewer;
