import { sql, type Kysely } from "kysely";

import type { OutboxDatabase } from "../schema.ts";
import { messageColumns, type MessageRow } from "./messages.ts";

/** One message, masked; null if there is none, or the person may not see it. */
export async function readMessage(db: Kysely<OutboxDatabase>, id: string): Promise<MessageRow | null> {
  const { rows } = await sql<MessageRow>`
    select ${messageColumns} from talkme.messages where messages.id = ${id}
  `.execute(db);
  return rows[0] ?? null;
}

/** Why it has not been sent, or what became of it. */
export async function explainMessage(db: Kysely<OutboxDatabase>, id: string): Promise<string> {
  const { rows } = await sql<{ said: string }>`select talkme.explain(${id}::bigint) as said`.execute(db);
  return rows[0]?.said ?? "";
}

export interface MessageEvent {
  readonly at: Date;
  readonly event: string;
  readonly detail: string | null;
  readonly by: string | null;
}

/** The life of a message, the oldest event first. */
export async function listEvents(db: Kysely<OutboxDatabase>, id: string): Promise<readonly MessageEvent[]> {
  const { rows } = await sql<MessageEvent>`select at, event, detail, by from talkme.history(${id})`.execute(
    db,
  );
  return rows;
}

export interface AttemptMade {
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly outcome: "accepted" | "rejected" | "not_sent" | "unknown";
  readonly httpStatus: number | null;
  readonly errorCode: string | null;
  /** Without numbers. */
  readonly error: string | null;
  readonly instance: string;
}

/** For members of `talkme_viewer` and `talkme_operator`; partitions before `since` are not read. */
export async function listAttempts(
  db: Kysely<OutboxDatabase>,
  id: string,
  since: Date,
): Promise<readonly AttemptMade[]> {
  const { rows } = await sql<AttemptMade>`
    select
      started_at as "startedAt", duration_ms as "durationMs", outcome, http_status as "httpStatus",
      error_code as "errorCode", talkme.hide_numbers(error) as error, instance
    from talkme.attempt where outbox_id = ${id} and started_at >= ${since} order by started_at
  `.execute(db);
  return rows;
}

/** What the masked view leaves out. */
export interface Revealed {
  readonly number: string | null;
  readonly address: string | null;
  readonly subject: string | null;
  readonly text: string | null;
  readonly variables: Readonly<Record<string, string>> | null;
}

/** Shows whom a message goes to; `talkme.audit` keeps who looked, and why. */
export async function reveal(
  db: Kysely<OutboxDatabase>,
  id: string,
  reason: string,
): Promise<Revealed | null> {
  const { rows } = await sql<Revealed>`
    select numero_dest as number, email_dest as address, assunto as subject, txtmsg as text, info_contato as variables
    from talkme.reveal(${id}, ${reason})
  `.execute(db);
  return rows[0] ?? null;
}

/** @returns What `talkme.cancel` says. */
export async function cancelMessage(
  db: Kysely<OutboxDatabase>,
  id: string,
  reason: string | null,
): Promise<string> {
  const { rows } = await sql<{ said: string }>`
    select talkme.cancel(${id}::bigint, ${reason}::text) as said
  `.execute(db);
  return rows[0]?.said ?? "";
}

/** @returns What `talkme.retry` says. */
export async function retryMessage(
  db: Kysely<OutboxDatabase>,
  id: string,
  reason: string | null,
): Promise<string> {
  const { rows } = await sql<{ said: string }>`
    select talkme.retry(${id}::bigint, reason => ${reason}::text) as said
  `.execute(db);
  return rows[0]?.said ?? "";
}
