import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** The enabled triggers of talkme.outbox that the migrations did not make. */
export async function listCustomersTriggers(db: Kysely<OutboxDatabase>): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`
    select t.tgname::text as name
    from pg_catalog.pg_trigger as t
    join pg_catalog.pg_proc as p on p.oid = t.tgfoid
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where t.tgrelid = 'talkme.outbox'::regclass and not t.tgisinternal and t.tgenabled <> 'D' and n.nspname <> 'talkme'
    order by t.tgname
  `.execute(db);
  return rows.map(({ name }) => name);
}
