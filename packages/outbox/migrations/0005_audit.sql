-- Who did what, for the functions with which people change rows and settings.

-- Within a SECURITY DEFINER function current_user is the function's owner; who called it is the role that was set, or
-- else the user of the session. In plpgsql, which keeps its plan: as a default of talkme.outbox, a function in SQL would be
-- read and inlined anew at each insert, which took a fifteenth of it. Nothing in it is looked up in the caller's search_path.
create function talkme.caller() returns name
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

create table talkme.audit (
  id            bigint      generated always as identity,
  at            timestamptz not null default now(),
  who           name        not null default talkme.caller(),
  action        text        not null,
  about         jsonb       not null,
  rows          bigint      not null,
  reason        text,

  constraint audit_pkey primary key (id)
);

create index audit_at on talkme.audit (at);

comment on table talkme.audit is 'What people did with the functions of this schema: who, when, to how many rows, and why';
comment on column talkme.audit.id is 'Number of the entry';
comment on column talkme.audit.at is 'When the transaction began';
comment on column talkme.audit.who is 'The role that called the function';
comment on column talkme.audit.action is 'The function: cancel, retry, resolve, pause, resume, suppress, unsuppress, forget and so on';
comment on column talkme.audit.about is 'What it was called for: the id, the scope or the filter. Never a telephone number';
comment on column talkme.audit.rows is 'How many rows it changed';
comment on column talkme.audit.reason is 'Why, in the words of whoever called it';

create function talkme.record_audit(action text, about jsonb, rows bigint, reason text) returns void
language sql
set search_path = pg_catalog, pg_temp
begin atomic
  insert into talkme.audit (action, about, rows, reason) values (action, about, rows, reason);
end;

comment on function talkme.record_audit(text, jsonb, bigint, text) is 'Writes an entry of talkme.audit in the name of the caller';

revoke execute on function talkme.record_audit(text, jsonb, bigint, text) from public;
