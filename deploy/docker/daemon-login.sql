-- The login that the daemon has: what talkme_daemon may, and nothing else. Run by the owner at each start of Compose, after
-- the migration, which makes that role; a changed SYNCD_DATABASE_PASSWORD takes effect with it.
\getenv password SYNCD_DATABASE_PASSWORD

select 'create role syncd login' where not exists (select from pg_roles where rolname = 'syncd') \gexec

-- Not in the server's log, should it log statements.
set log_statement = 'none';
alter role syncd login password :'password';

grant talkme_daemon to syncd;
-- For whom vacuum waits, and since when: docs/metrics.md. It shows other sessions' statements, too.
grant pg_read_all_stats to syncd;
