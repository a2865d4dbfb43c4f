-- Within a capture the current user is the owner of its functions, whoever changed the row.
create or replace function talkme.may_record(capture text, who name) returns boolean
language sql stable
security definer
set search_path = pg_catalog, pg_temp
begin atomic
  select exists (
    select
    from talkme.capture_rule as r
    join pg_trigger as t
      on t.tgrelid = r.source and t.tgname in ('talkme_capture_' || r.name || '_insert', 'talkme_capture_' || r.name || '_update')
    join pg_proc as p on p.oid = t.tgfoid
    where r.name = may_record.capture and r.on_error = 'record' and pg_has_role(who, p.proowner, 'usage')
  );
end;

comment on function talkme.may_record(text, name) is 'Whether a capture records its errors, and a role may report them';

revoke execute on function talkme.may_record(text, name) from public;
grant execute on function talkme.may_record(text, name) to talkme_producer;
