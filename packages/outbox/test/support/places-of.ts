import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../../src/index.ts";

/** The tables of the schema that contain a text in any column. */
export async function placesOf(db: Kysely<OutboxDatabase>, text: string): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', 'talkme', relname) as name from pg_class
    where relnamespace = 'talkme'::regnamespace and relkind in ('r', 'm') order by relname
  `.execute(db);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql`
      select from ${sql.raw(name)} as t where strpos(t::text, ${text}) > 0 limit 1
    `.execute(db);
    if (rows.length > 0) found.push(name);
  }
  return found;
}
