/** The table of applied migrations, as Kysely's Migrator would keep it. */
export const createLedger = `do $$
begin
  -- "create schema if not exists" would need the privilege even where the schema is there.
  if to_regnamespace('talkme') is null then create schema talkme; end if;
end
$$;
create table if not exists talkme.migration (name varchar(255) not null primary key, timestamp varchar(255) not null);
create table if not exists talkme.migration_lock (id varchar(255) not null primary key, is_locked integer not null default 0);
insert into talkme.migration_lock (id, is_locked) values ('migration_lock', 0) on conflict do nothing;
`;

/** The statement that records a migration as applied. */
export function recordOf(name: string): string {
  return `insert into talkme.migration (name, timestamp) values ('${name}', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'));`;
}
