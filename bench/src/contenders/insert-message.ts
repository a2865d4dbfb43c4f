import type { Client } from "pg";

import { numeroDest } from "../message.ts";

/** Inserts a single message with every check, like a producer. */
export async function insertMessage(
  client: Client,
  infoContato: Readonly<Record<string, string>>,
): Promise<void> {
  await client.query(
    "insert into talkme.outbox (numero_dest, id_campanha, info_contato) values ($1, 1, $2)",
    [numeroDest, infoContato],
  );
}
