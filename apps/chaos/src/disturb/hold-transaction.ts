import { setTimeout as sleep } from "node:timers/promises";

import type { Connection } from "../database/connection.ts";

/** Blocks all reads and writes of the outbox for a while. */
export async function lockTable(connection: Connection, ms: number): Promise<void> {
  await connection.query("begin");
  await connection.query("lock table talkme.outbox in access exclusive mode");
  await sleep(ms);
  await connection.query("commit");
}

/** Locks some rows in sending, as a careless `select … for update` does. */
export async function lockRows(connection: Connection, rows: number, ms: number): Promise<void> {
  await connection.query("begin");
  await connection.query(
    "select id from talkme.outbox where status = 'sending' order by random() limit $1 for update skip locked",
    [rows],
  );
  await sleep(ms);
  await connection.query("commit");
}

/** Keeps a snapshot of the outbox open, during which no dead row can be removed. */
export async function holdSnapshot(connection: Connection, ms: number): Promise<void> {
  await connection.query("begin isolation level repeatable read");
  await connection.query("select count(*) from talkme.outbox");
  await sleep(ms);
  await connection.query("commit");
}
