import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

export type Access = "read only" | "read write";

/** What a person may do: the roles of the product that their own role is a member of. */
export interface Rights {
  readonly viewer: boolean;
  readonly operator: boolean;
  readonly marketing: boolean;
  readonly producer: boolean;
}

/** Every row, the audit, and what goes on inside. */
export function seesEverything({ operator, viewer }: Rights): boolean {
  return operator || viewer;
}

/** Campaigns as a whole: all of them, or those that were granted. A producer sees its own rows and batches only. */
export function seesCampaigns(rights: Rights): boolean {
  return seesEverything(rights) || rights.marketing;
}

/** Whoever may put messages into the outbox. */
export function bringsIn({ operator, marketing, producer }: Rights): boolean {
  return operator || marketing || producer;
}

export interface Person {
  /** How the person logs in. */
  readonly name: string;
  /** The role of PostgreSQL that acts, as in `talkme.audit`. */
  readonly role: string;
  readonly rights: Rights;
}

/**
 * Begins a request: from here until {@link becomePerson} the transaction has the rights of `talkme_console`, which are accounts and
 * sessions alone. No statement takes longer than `statementMs`.
 */
export async function actAsConsole(db: Kysely<OutboxDatabase>, statementMs: number): Promise<void> {
  await sql`
    select
      set_config('role', 'talkme_console', true),
      set_config('statement_timeout', ${String(statementMs)}, true),
      set_config('lock_timeout', ${String(Math.min(statementMs, 3000))}, true),
      set_config('idle_in_transaction_session_timeout', ${String(2 * statementMs)}, true)
  `.execute(db);
}

/**
 * From here on the transaction has the rights of the person. The name is that of an account, or else of the role itself. Only a role
 * that was granted to the console's own login counts (`grant ana to console`), and no superuser, whose rights nothing would limit:
 * so whoever decides about names cannot become `talkme_operator` by calling themselves that.
 *
 * @param language For sentences that the database says, such as `pt-BR`.
 * @returns Null where the person may not use the console; the transaction then has the rights of `talkme_console` still.
 */
export async function becomePerson(
  db: Kysely<OutboxDatabase>,
  name: string,
  access: Access,
  language: string,
): Promise<Person | null> {
  const { rows } = await sql<Rights & { role: string }>`
    select
      r.rolname as role,
      pg_has_role(r.oid, 'talkme_viewer', 'usage') as viewer,
      pg_has_role(r.oid, 'talkme_operator', 'usage') as operator,
      pg_has_role(r.oid, 'talkme_marketing', 'usage') as marketing,
      pg_has_role(r.oid, 'talkme_producer', 'usage') as producer
    from pg_roles as r
    where r.rolname = coalesce((select a.role from talkme.console_account as a where a.name = ${name}), ${name})
      and r.rolname !~ '^(talkme|pg)_' and not r.rolsuper
      and exists (
        select from pg_auth_members as m join pg_roles as login on login.oid = m.member
        where m.roleid = r.oid and login.rolname = session_user
      )
  `.execute(db);
  const found = rows[0];
  if (found === undefined) return null;
  const { role, ...rights } = found;
  if (!Object.values(rights).includes(true)) return null;
  await sql`
    select
      set_config('role', ${role}, true),
      set_config('talkme.language', ${language}, true),
      -- Campaigns go by this clock, and so do the sentences about them.
      set_config('timezone', 'America/Sao_Paulo', true),
      set_config('transaction_read_only', ${access === "read only" ? "on" : "off"}, true)
  `.execute(db);
  return { name, role, rights };
}
