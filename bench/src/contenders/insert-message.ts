import type { Client } from "pg";

import { numeroDest } from "../message.ts";

/** Inserts a message as a producer does: alone, with every check. */
export async function insertMessage(
  client: Client,
  infoContato: Readonly<Record<string, string>>,
): Promise<void> {
  await client.query(
    "insert into talkme.outbox (numero_dest, id_campanha, info_contato) values ($1, 1, $2)",
    [numeroDest, infoContato],
  );
}
