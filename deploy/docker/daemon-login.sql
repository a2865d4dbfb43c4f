-- The daemon's login, with the privileges of talkme_daemon alone. The owner runs this at each start of Compose, after the
-- migration, which creates that role; it also applies a changed SYNCD_DATABASE_PASSWORD.
\getenv password SYNCD_DATABASE_PASSWORD

select 'create role syncd login' where not exists (select from pg_roles where rolname = 'syncd') \gexec

-- Keeps the password out of the server's log, if it logs statements.
set log_statement = 'none';
alter role syncd login password :'password';

grant talkme_daemon to syncd;
-- To see what stops vacuum, and since when (docs/metrics.md). It also shows other sessions' statements.
grant pg_read_all_stats to syncd;
