import { InvalidMessageError, messageIssues, messageSchema, type ValidMessage } from "@talkme/core";
import {
  CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from "kysely";

import { outboxLimits, type OutboxMessage } from "./outbox-message.ts";
import type { OutboxDatabase } from "./schema.ts";

/** A `Client`, `PoolClient` or `Pool` of the package pg. */
export interface PgQueryable {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

// Any database type: the outbox is one schema in the producer's own database.
// oxlint-disable-next-line typescript/no-explicit-any
export type Enqueuer = Kysely<any> | PgQueryable;

/**
 * Inserts a message into the outbox and returns its id. Within a transaction of yours it is sent if, and only if,
 * that transaction commits:
 *
 * ```ts
 * await db.transaction().execute(async (tx) => {
 *   await tx.updateTable("orders").set({ shipped: true }).where("id", "=", 42).execute();
 *   await enqueue(tx, { idCampanha: 123456, numeroDest: "11988887777", infoContato: { nome: "Fulano" } });
 * });
 * ```
 *
 * @throws InvalidMessageError before anything is asked of the database, where the message could never be sent.
 * @throws The driver's error where the database refuses it; a `dedupeKey` that exists is SQLSTATE 23505.
 */
export async function enqueue(db: Enqueuer, message: OutboxMessage): Promise<string> {
  const id = await insert(db, insertInto(message).returning("id").compile());
  if (id === null) throw new Error("PostgreSQL inserted no row into talkme.outbox and raised no error.");
  return id;
}

/**
 * As {@link enqueue}, but a message whose `dedupeKey` exists already is left out, and the transaction goes on.
 *
 * @returns The id, or null where there was such a message already.
 */
export async function enqueueOnce(
  db: Enqueuer,
  message: OutboxMessage & { readonly dedupeKey: string },
): Promise<string | null> {
  const query = insertInto(message)
    .onConflict((conflict) => conflict.doNothing())
    .returning("id");
  return insert(db, query.compile());
}

/** Only compiles: the statement runs on the producer's own connection. */
const compiler = new Kysely<OutboxDatabase>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

function insertInto(message: OutboxMessage) {
  const {
    account,
    priority,
    sendAt,
    expiresAt,
    dedupeKey,
    maxAttempts,
    onUnknown,
    metadata,
    batchId,
    ...content
  } = message;
  const { data: valid, error } = messageSchema.safeParse(content);
  if (error !== undefined) throw new InvalidMessageError(messageIssues(error));
  const limits = outboxLimits.safeParse(message);
  if (!limits.success) throw new InvalidMessageError(messageIssues(limits.error));
  return compiler.insertInto("talkme.outbox").values({
    ...(account !== undefined && { account }),
    ...(priority !== undefined && { priority }),
    ...(sendAt !== undefined && { send_at: sendAt }),
    id_campanha: valid.idCampanha ?? null,
    id_wpp: valid.idWpp ?? null,
    numero_dest: numberOf(valid),
    email_dest: valid.emailDest ?? null,
    txtmsg: valid.txtmsg ?? null,
    assunto: valid.assunto ?? null,
    info_contato: valid.infoContato === undefined ? null : JSON.stringify(valid.infoContato),
    expires_at: expiresAt ?? null,
    dedupe_key: dedupeKey ?? null,
    max_attempts: maxAttempts ?? null,
    on_unknown: onUnknown ?? null,
    metadata: metadata === undefined ? null : JSON.stringify(metadata),
    batch_id: batchId ?? null,
  });
}

/** In the form that the table takes, whatever separators it was written with. */
function numberOf({ numeroDest }: ValidMessage): string | null {
  if (numeroDest === undefined) return null;
  return numeroDest.country === "BR" ? numeroDest.national : `+${numeroDest.e164Digits}`;
}

async function insert(db: Enqueuer, { sql, parameters }: CompiledQuery): Promise<string | null> {
  const { rows } =
    "executeQuery" in db
      ? await db.executeQuery(CompiledQuery.raw(sql, [...parameters]))
      : await db.query(sql, [...parameters]);
  const row = rows[0];
  return typeof row === "object" && row !== null && "id" in row ? String(row.id) : null;
}
