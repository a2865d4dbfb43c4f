import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";

/** Notes a log-in. Only the hash of the browser's token is kept. */
export async function beginSession(
  db: Kysely<OutboxDatabase>,
  tokenHash: Uint8Array,
  name: string,
  lifetimeSeconds: number,
): Promise<void> {
  await sql`
    insert into talkme.console_session (token_hash, name, expires_at)
    values (${tokenHash}, ${name}, now() + ${lifetimeSeconds} * interval '1 second')
  `.execute(db);
}

/**
 * Whose session it is; null where it has ended, or nobody has used it for `idleSeconds`. Notes the use at most once a minute: each
 * is a write.
 */
export async function findSession(
  db: Kysely<OutboxDatabase>,
  tokenHash: Uint8Array,
  idleSeconds: number,
): Promise<string | null> {
  const { rows } = await sql<{ name: string; isStale: boolean }>`
    select name, seen_at < now() - interval '1 minute' as "isStale"
    from talkme.console_session
    where token_hash = ${tokenHash} and expires_at > now() and seen_at > now() - ${idleSeconds} * interval '1 second'
  `.execute(db);
  const found = rows[0];
  if (found === undefined) return null;
  if (found.isStale)
    await sql`update talkme.console_session set seen_at = now() where token_hash = ${tokenHash}`.execute(db);
  return found.name;
}

export async function endSession(db: Kysely<OutboxDatabase>, tokenHash: Uint8Array): Promise<void> {
  await sql`delete from talkme.console_session where token_hash = ${tokenHash}`.execute(db);
}

/** Removes what {@link findSession} would not find any more. */
export async function removeOldSessions(db: Kysely<OutboxDatabase>, idleSeconds: number): Promise<void> {
  await sql`
    delete from talkme.console_session
    where expires_at <= now() or seen_at <= now() - ${idleSeconds} * interval '1 second'
  `.execute(db);
}
