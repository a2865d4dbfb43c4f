import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../../src/index.ts";
import { createLedger, recordOf } from "../../src/migrations/ledger.ts";
import { splitStatements } from "../../src/migrations/split-statements.ts";
import { readSqlFiles, type SqlFile } from "../../src/migrations/sql-files.ts";
import { nextMigrations } from "./next-migrations.ts";

const brought = await readSqlFiles();

/** The migrations of this version. */
export const migrationNames: readonly string[] = brought.map(({ name }) => name);

/** The migrations of this version, and two of a next one. */
export const withNext: readonly SqlFile[] = [...brought, ...nextMigrations];

/** Brings the schema to its state after a migration, from any earlier state. */
export async function migrateUpTo(db: Kysely<OutboxDatabase>, last: string): Promise<void> {
  await sql.raw(createLedger).execute(db);
  const { rows } = await sql<{ name: string }>`select name from talkme.migration`.execute(db);
  const applied = new Set(rows.map(({ name }) => name));
  for (const file of withNext.filter(({ name }) => !applied.has(name))) {
    const statements = file.outsideTransaction ? splitStatements(file.text) : [file.text];
    for (const statement of statements) await sql.raw(statement).execute(db);
    await sql.raw(recordOf(file.name)).execute(db);
    if (file.name === last) return;
  }
}

/** Inserts rows of every status, as a daemon would leave them; campaign 1 is due. Returns how many. */
export async function insertEveryStatus(db: Kysely<OutboxDatabase>): Promise<number> {
  await db.transaction().execute(async (transaction) => {
    // The checks allow only pending rows to be inserted.
    await sql`set local session_replication_role = replica`.execute(transaction);
    await sql`
      insert into talkme.outbox (numero_dest, email_dest, id_campanha, status, claimed_by, claimed_at, finished_at, retry_at)
      select
        case when i % 7 <> 0 then '1' || (1 + i % 9) || '9' || (80000000 + i) end,
        case when i % 7 = 0 then 'Fulano' || i || '@example.com' end,
        case when status = 'pending' then 1 else 2 end, status,
        case when status in ('sending', 'sent', 'failed', 'unknown') then 'gone' end,
        case when status in ('sending', 'sent', 'failed', 'unknown') then now() end,
        case when status in ('sent', 'failed', 'expired', 'cancelled') then now() end,
        case when status = 'pending' and i % 10 = 0 then now() + interval '1 day' end
      from generate_series(1, 300) as i
      cross join unnest(array['pending', 'sending', 'sent', 'failed', 'unknown', 'expired', 'cancelled']) as status
    `.execute(transaction);
  });
  return 300 * 7;
}
