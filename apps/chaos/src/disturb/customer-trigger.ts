import { setTimeout as sleep } from "node:timers/promises";

import type { Connection } from "../database/connection.ts";
import { triggeredOneIn, type Meddling } from "./meddling.ts";

/** The action of a customer's trigger when a row is claimed or marked as sent. */
export type TriggerBody =
  | { readonly does: "null" }
  | { readonly does: "raise"; readonly code: string; readonly at: "sending" | "sent" }
  | { readonly does: "raise deferred"; readonly code: string; readonly at: "sending" | "sent" }
  | { readonly does: "sleep"; readonly sleepMs: number; readonly at: "sending" | "sent" }
  | { readonly does: "wait"; readonly at: "sending" | "sent" };

/** Usual error codes of triggers, and unexpected ones. */
export const raisedCodes = [
  "P0001",
  "P0002",
  "23503",
  "23514",
  "22012",
  "42501",
  "42P01",
  "40001",
  "54001",
  "55000",
  "57014",
  "XX000",
  "TKX01",
] as const;

const names = { schema: "customer", trigger: "customer_trigger" } as const;

function statementsOf(body: TriggerBody): string {
  switch (body.does) {
    case "null":
      return "return null;";
    case "raise":
    case "raise deferred":
      return `raise exception 'of the customer''s' using errcode = '${body.code}';`;
    case "sleep":
      return `perform pg_sleep(${body.sleepMs / 1000}); return new;`;
    case "wait":
      return `perform from ${names.schema}.orders where id = 1 for update; return new;`;
  }
}

/** Adds a customer's trigger to the outbox for a while, for one row in {@link triggeredOneIn}. */
export async function keepTrigger(
  connection: Connection,
  meddling: Meddling,
  body: TriggerBody,
  ms: number,
): Promise<void> {
  const at = body.does === "null" ? "sent" : body.at;
  const timing =
    body.does === "raise deferred"
      ? "create constraint trigger customer_trigger after update on talkme.outbox deferrable initially deferred"
      : "create trigger customer_trigger before update on talkme.outbox";
  meddling.trigger();
  try {
    await connection.query("set lock_timeout = '5s'");
    await connection.query(`create schema if not exists ${names.schema}`);
    await connection.query(`create table if not exists ${names.schema}.orders (id integer primary key)`);
    await connection.query(`insert into ${names.schema}.orders values (1) on conflict do nothing`);
    await connection.query(
      `create or replace function ${names.schema}.act() returns trigger language plpgsql security definer
       set search_path = pg_catalog, pg_temp as $$ begin ${statementsOf(body)} end $$`,
    );
    await connection.query(`drop trigger if exists ${names.trigger} on talkme.outbox`);
    await connection.query(
      `${timing} for each row when (new.status = '${at}' and new.id % ${triggeredOneIn} = 0)
       execute function ${names.schema}.act()`,
    );
    if (body.does === "wait") await holdOrder(connection, ms);
    else await sleep(ms);
  } finally {
    await dropTrigger(connection);
  }
}

/** Locks the row that the trigger waits for. */
async function holdOrder(connection: Connection, ms: number): Promise<void> {
  await connection.query("begin");
  await connection.query(`select from ${names.schema}.orders where id = 1 for update`);
  await sleep(ms);
  await connection.query("commit");
}

/** Always: a trigger left behind would keep rows from ending. */
async function dropTrigger(connection: Connection): Promise<void> {
  await connection.query("rollback").catch(() => "Its connection was lost.");
  await connection.ask(`drop trigger if exists ${names.trigger} on talkme.outbox`);
}
