import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

export interface ConsoleAccount {
  readonly name: string;
  /** The role that the person acts as. */
  readonly role: string;
  /** As `scrypt$…`; null for a name that logs in by a proxy only. */
  readonly password: string | null;
}

export async function findAccount(db: Kysely<OutboxDatabase>, name: string): Promise<ConsoleAccount | null> {
  const { rows } = await sql<ConsoleAccount>`
    select name, role, password from talkme.console_account where name = ${name}
  `.execute(db);
  return rows[0] ?? null;
}

/** All accounts, without their passwords. */
export async function listAccounts(
  db: Kysely<OutboxDatabase>,
): Promise<readonly Omit<ConsoleAccount, "password">[]> {
  const { rows } = await sql<Omit<ConsoleAccount, "password">>`
    select name, role from talkme.console_account order by name
  `.execute(db);
  return rows;
}

/** Creates the account, or gives it another role and password; whoever is logged in by the old ones is logged out. */
export async function saveAccount(
  db: Kysely<OutboxDatabase>,
  { name, role, password }: ConsoleAccount,
): Promise<void> {
  await sql`
    with ended as (delete from talkme.console_session where name = ${name})
    insert into talkme.console_account as a (name, role, password) values (${name}, ${role}, ${password})
    on conflict on constraint console_account_pkey do update set role = excluded.role, password = excluded.password
  `.execute(db);
}

/** Removes the account and ends its sessions; false if there is none. */
export async function removeAccount(db: Kysely<OutboxDatabase>, name: string): Promise<boolean> {
  const { rows } = await sql`delete from talkme.console_account where name = ${name} returning name`.execute(
    db,
  );
  return rows.length > 0;
}
