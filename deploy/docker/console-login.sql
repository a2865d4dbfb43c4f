-- The console's login: it inherits nothing, and becomes the person who asks. The owner runs this at each start of Compose, after
-- the migration, which creates talkme_console; it also applies a changed CONSOLE_DATABASE_PASSWORD. People are yours to make:
-- docs/console.md#in-compose.
\getenv password CONSOLE_DATABASE_PASSWORD

select 'create role console login noinherit' where not exists (select from pg_roles where rolname = 'console') \gexec

-- Keeps the password out of the server's log, if it logs statements.
set log_statement = 'none';
alter role console login noinherit password :'password';

grant talkme_console to console;
-- From PostgreSQL 16 on a grant keeps what it inherits, whatever became of the role since.
select 'grant talkme_console to console with inherit false' where current_setting('server_version_num')::integer >= 160000 \gexec
