import { setTimeout as sleep } from "node:timers/promises";

import type { AuditedRow } from "../audit/evidence.ts";
import type { Connection } from "../database/connection.ts";
import type { Meddling } from "./meddling.ts";

interface ChosenRow extends Pick<AuditedRow, "id" | "numero" | "onUnknown"> {}

/** A DBA's edits of a row whose request is on the wire. */
export type Edit = "id" | "fence" | "number" | "status failed" | "status sent" | "status unknown";

const assignments: Readonly<Record<Edit, string>> = {
  id: "id = default",
  fence: "fence = fence + 1",
  number: "numero_dest = '219' || right(numero_dest, 8)",
  "status failed": "status = 'failed', finished_at = now(), error = 'a DBA said so'",
  "status sent": "status = 'sent', finished_at = now()",
  "status unknown": "status = 'unknown'",
};

async function begin(connection: Connection): Promise<void> {
  await connection.query("begin");
  await connection.query("set local lock_timeout = '5s'");
}

async function chooseSending(connection: Connection, rows: number): Promise<readonly ChosenRow[]> {
  return connection.query<ChosenRow>(
    `select id, numero_dest as numero, on_unknown as "onUnknown" from talkme.outbox
     where status = 'sending' order by random() limit $1 for update skip locked`,
    [rows],
  );
}

/** Truncates the table and restarts its ids, with requests on the wire: new rows get the ids of old ones. */
export async function truncate(connection: Connection, meddling: Meddling): Promise<void> {
  await begin(connection);
  await connection.query("lock table talkme.outbox in access exclusive mode");
  const rows = await connection.query<ChosenRow>(
    `select id, numero_dest as numero, on_unknown as "onUnknown" from talkme.outbox`,
  );
  meddling.remove(rows);
  meddling.restartIds(Math.max(0, ...rows.map(({ id }) => Number(id))));
  await connection.query("truncate talkme.outbox restart identity");
  await connection.query("commit");
}

/** Deletes rows whose requests are on the wire. */
export async function deleteSending(connection: Connection, meddling: Meddling, rows: number): Promise<void> {
  await begin(connection);
  const chosen = await chooseSending(connection, rows);
  meddling.remove(chosen);
  await connection.query("delete from talkme.outbox where id = any($1)", [chosen.map(({ id }) => id)]);
  await connection.query("commit");
}

/** Edits rows whose requests are on the wire. The database may refuse it, without effect. */
export async function editSending(
  connection: Connection,
  meddling: Meddling,
  { edit, rows }: { readonly edit: Edit; readonly rows: number },
): Promise<void> {
  await begin(connection);
  const chosen = await chooseSending(connection, rows);
  const numbers = chosen.map(({ numero }) => numero);
  if (edit.startsWith("status")) meddling.decide(numbers);
  else meddling.touch(numbers);
  await connection.query(`update talkme.outbox set ${assignments[edit]} where id = any($1)`, [
    chosen.map(({ id }) => id),
  ]);
  await connection.query("commit");
}

/**
 * Restores rows to their state on the wire, as a restored backup does, without the table's triggers.
 */
export async function restoreSending(
  connection: Connection,
  meddling: Meddling,
  { rows, ms }: { readonly rows: number; readonly ms: number },
): Promise<void> {
  await begin(connection);
  const chosen = await chooseSending(connection, rows);
  await connection.query(
    `create temporary table backup on commit preserve rows as
     select * from talkme.outbox where id = any(array[${chosen.map(({ id }) => id).join(", ")}]::bigint[])`,
  );
  await connection.query("commit");
  await sleep(ms);
  const [columns] = await connection.query<{ list: string }>(`
    select string_agg(format('%I = b.%I', attname, attname), ', ') as list from pg_attribute
    where attrelid = 'talkme.outbox'::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''`);
  await begin(connection);
  await connection.query("set local session_replication_role = replica");
  meddling.touch(chosen.map(({ numero }) => numero));
  await connection.query(
    // Only the same row: after a truncate another one may have its id.
    `update talkme.outbox as o set ${columns?.list} from backup as b where o.id = b.id and o.numero_dest = b.numero_dest`,
  );
  await connection.query("commit");
}
