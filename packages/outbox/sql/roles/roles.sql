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
      ('talkme_operator', 'Reads everything, and calls the functions that repair'),
      ('talkme_marketing', 'Brings in lists, watches and pauses the campaigns that it was granted; never sees a number'),
      ('talkme_console', 'Sessions and accounts of the console: what it reads before it acts as a person')
    ) as role (name, purpose)
    where not exists (select from pg_catalog.pg_roles where rolname = role.name)
    -- In one order everywhere, so that two migrations of different databases never deadlock.
    order by name
  loop
    begin
      execute format('create role %I nologin', wanted.name);
      execute format('comment on role %I is %L', wanted.name, wanted.purpose);
    exception
      -- Roles belong to the whole server: another database is being migrated at this moment.
      when duplicate_object or unique_violation then
        null;
      when insufficient_privilege then
        raise exception using
          errcode = 'insufficient_privilege',
          message = format('the role %I does not exist, and %I may not create it', wanted.name, current_user),
          hint = 'Have somebody with CREATEROLE run this, and migrate again: create role talkme_producer nologin; '
            'create role talkme_daemon nologin; create role talkme_viewer nologin; create role talkme_operator nologin; '
            'create role talkme_marketing nologin; create role talkme_console nologin;';
    end;
  end loop;
end
$$;

grant usage on schema talkme
to talkme_producer, talkme_daemon, talkme_viewer, talkme_operator, talkme_marketing, talkme_console;
-- syncd check and the console compare it.
grant select on talkme.migration to talkme_daemon, talkme_viewer, talkme_operator, talkme_console;
