-- Who may do what. A login of yours becomes a member: grant talkme_producer to shop. What each may: docs/sql.md.

do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('talkme_producer', 'Inserts messages through talkme.outbox, and sees those that it inserted'),
      ('talkme_daemon', 'What syncd needs to run'),
      ('talkme_viewer', 'Reads everything in the schema talkme'),
      ('talkme_operator', 'Reads everything, and calls the functions that repair')
    ) as role (name, purpose)
    where not exists (select from pg_catalog.pg_roles where rolname = role.name)
    -- In one order everywhere: two databases that are migrated at once must not wait for each other in a circle.
    order by name
  loop
    begin
      execute format('create role %I nologin', wanted.name);
      execute format('comment on role %I is %L', wanted.name, wanted.purpose);
    exception
      -- Roles belong to all databases of the server, and another one is being migrated at this moment.
      when duplicate_object or unique_violation then
        null;
      when insufficient_privilege then
        raise exception using
          errcode = 'insufficient_privilege',
          message = format('the role %I does not exist, and %I may not create it', wanted.name, current_user),
          hint = 'Have somebody with CREATEROLE run this, and migrate again: create role talkme_producer nologin; '
            'create role talkme_daemon nologin; create role talkme_viewer nologin; create role talkme_operator nologin;';
    end;
  end loop;
end
$$;

grant usage on schema talkme to talkme_producer, talkme_daemon, talkme_viewer, talkme_operator;


-- Functions -------------------------------------------------------------------------------------------------------

revoke execute on all routines in schema talkme from public;

-- PostgreSQL runs these for whoever writes a row of which they make a column: it may be anybody who was granted the
-- insert. They read no table.
grant execute on function
  talkme.caller(), talkme.parse_sending_window(text), talkme.recipient_key, talkme.number_key, talkme.address_key,
  talkme.foreign_key, talkme.numbering_plans, talkme.dialled_digits, talkme.trim_blanks, talkme.is_address
to public;

-- As its owner, so that who inserts need not be allowed to call what it calls.
alter function talkme.check_outbox() security definer;

-- Where a trigger or a hand has made a row contradict itself, the daemon hears why.
grant execute on function talkme.refuse_contradiction(talkme.outbox) to talkme_daemon;

-- Whoever has been granted to update rows hears what to do instead. It refuses, and does nothing else.
grant execute on function talkme.refuse_edit(talkme.outbox, talkme.outbox) to public;

grant execute on function talkme.recipient_of(text, text), talkme.held_until()
to talkme_daemon, talkme_viewer, talkme_operator;


-- talkme_producer -------------------------------------------------------------------------------------------------

grant insert (
  account, id_campanha, id_wpp, numero_dest, email_dest, txtmsg, assunto, info_contato,
  priority, send_at, expires_at, dedupe_key, max_attempts, on_unknown, metadata
) on talkme.outbox to talkme_producer;
grant select on talkme.outbox to talkme_producer;

-- A producer sees the rows that it inserted, or that a role whose privileges it has inserted. Nobody else is concerned:
-- for them the condition is true, and no part of any plan.
alter table talkme.outbox enable row level security;

create policy outbox_everybody on talkme.outbox to public using (true) with check (true);

create policy outbox_producer on talkme.outbox as restrictive for select to talkme_producer using (
  (select exists (
    select from pg_catalog.pg_roles
    where rolname in ('talkme_daemon', 'talkme_viewer', 'talkme_operator') and pg_catalog.pg_has_role(oid, 'usage')
  ))
  -- Once for the whole statement, and without an error for a role that is gone.
  or created_by = any (array(
    select rolname from pg_catalog.pg_roles where pg_catalog.pg_has_role(oid, 'usage')
    union all
    select talkme.caller()
  ))
);

comment on policy outbox_everybody on talkme.outbox is 'What a role may do with the table is a matter of its grants';
comment on policy outbox_producer on talkme.outbox is
  'A producer that is nothing else sees the rows that it inserted, or that a role inserted of which it is a member';


-- talkme_daemon ---------------------------------------------------------------------------------------------------

-- Neither insert nor delete, and no column of the producer's.
grant select on talkme.outbox to talkme_daemon;
grant update (
  status, attempts, fence, claim, retry_at, claimed_by, claimed_at, finished_at, http_status, reference, response,
  error_code, error
) on talkme.outbox to talkme_daemon;
grant select, insert on talkme.attempt to talkme_daemon;
grant select, insert, update, delete on talkme.instance to talkme_daemon;
grant select, insert, update on talkme.circuit, talkme.lane, talkme.pace, talkme.turn to talkme_daemon;
grant select on
  talkme.migration, talkme.account, talkme.campaign, talkme.holiday, talkme.area, talkme.paused, talkme.suppression,
  talkme.retention_floor
to talkme_daemon;


-- talkme_viewer, talkme_operator ----------------------------------------------------------------------------------

grant select on
  talkme.outbox, talkme.attempt, talkme.instance, talkme.circuit, talkme.lane, talkme.pace, talkme.turn, talkme.duplicate_turn,
  talkme.account, talkme.campaign, talkme.holiday, talkme.area, talkme.paused, talkme.suppression,
  talkme.audit, talkme.audit_row, talkme.retention_progress, talkme.retention_floor, talkme.migration, talkme.stats, talkme.failures,
  talkme.captures, talkme.capture_rule, talkme.capture_error
to talkme_viewer, talkme_operator;


-- What each may call ------------------------------------------------------------------------------------------------

grant execute on function talkme.enqueue, talkme.cancel, talkme.explain, talkme.history to talkme_producer;

-- Beside the settings that it reads: the arithmetic of sending windows.
grant execute on function
  talkme.apply_retention, talkme.configure_account, talkme.below_retention_floor, talkme.create_attempt_partitions,
  talkme.opens_at, talkme.first_opening, talkme.last_opening, talkme.next_opening, talkme.area_of, talkme.notify_daemon
to talkme_daemon;

grant execute on function talkme.explain, talkme.history, talkme.count_rows, talkme.is_paused, talkme.opens_at,
  talkme.next_opening, talkme.area_of
to talkme_viewer, talkme_operator;

grant execute on function
  talkme.cancel, talkme.retry, talkme.resolve, talkme.cancel_where, talkme.retry_where, talkme.resolve_where,
  talkme.pause, talkme.resume, talkme.suppress, talkme.unsuppress, talkme.forget, talkme.apply_retention,
  talkme.hash_recipient
to talkme_operator;

-- Captures belong to the owners of the captured tables, who are producers: a message has to be let out by somebody.
grant execute on function
  talkme.capture, talkme.define_capture, talkme.check_one_expression, talkme.capture_types, talkme.capture_expression,
  talkme.check_capture_request, talkme.refuse_capture, talkme.without_values,
  talkme.capture_failed, talkme.record_capture_error, talkme.drop_capture, talkme.register_capture,
  talkme.unregister_capture
to talkme_producer;
grant select on talkme.captures to talkme_producer;

grant execute on function talkme.may_record to talkme_producer;
grant insert (capture, source, event, key, entry, sqlstate, rule, message, hint) on talkme.capture_error to talkme_producer;
create policy capture_error_producer on talkme.capture_error as restrictive for insert to talkme_producer
with check (talkme.may_record(capture, current_user));

comment on policy capture_error_everybody on talkme.capture_error is 'What a role may do with the table is a matter of its grants';
comment on policy capture_error_producer on talkme.capture_error is 'A producer tells of the errors of its own captures';
