import type { RealOutbox } from "../state-machine/real-outbox.ts";

const tables = ["outbox", "attempt", "instance"] as const;

/** What a standby has that has fallen behind; a promotion puts it in the place of the tables. */
export async function keepCopy(real: RealOutbox): Promise<void> {
  await dropCopy(real);
  for (const table of tables) {
    await real.run(`create table public.kept_${table} as select * from talkme.${table}`);
  }
}

export async function dropCopy(real: RealOutbox): Promise<void> {
  for (const table of tables) await real.run(`drop table if exists public.kept_${table}`);
}

export async function promoteCopy(real: RealOutbox): Promise<void> {
  await real.runUnchecked(
    ...tables.map((table) => `delete from talkme.${table}`),
    ...(await Promise.all(tables.map((table) => insertKept(real, table)))),
  );
  await dropCopy(real);
}

/** Generated columns generate themselves. */
async function insertKept(real: RealOutbox, table: string): Promise<string> {
  const columns = await real.run(`
    select string_agg(quote_ident(attname), ', ' order by attnum) as names from pg_attribute
    where attrelid = 'talkme.${table}'::regclass and attnum > 0 and not attisdropped and attgenerated = ''
  `);
  const names = String(columns[0]?.["names"]);
  return `insert into talkme.${table} (${names}) overriding system value select ${names} from public.kept_${table}`;
}
