import type { Client } from "pg";

import { checkConnection } from "./check-connection.ts";

/**
 * What a connection leads to: a server, or a pooler such as PgBouncer in one of its modes. In `session` mode a
 * connection of the server belongs to a client for as long as that stays; in `transaction` mode for a transaction; in
 * `statement` mode there are no transactions of more than one statement. `unclear`: the pool gave nothing out in time.
 */
export type PoolingMode = "direct" | "session" | "transaction" | "statement" | "unclear";

/** A pooler gives out the connection that was used last; more than one, in case somebody else took that. */
const rounds = 3;

/**
 * Finds out by behaviour, because a pooler tells its mode to its administrators alone. Leaves no trace.
 *
 * A pooler makes up the number of the process that it tells a client, so that it is not the one which the server
 * knows. And in transaction mode a client that rests has lent its process to the next.
 *
 * @throws What the driver throws where the database cannot be used.
 */
export async function findPoolingMode(url: string): Promise<PoolingMode> {
  const clients = new Set<Client>();
  const connect = async (): Promise<Client> => {
    const client = checkConnection(url);
    clients.add(client);
    await client.connect();
    return client;
  };
  try {
    const resting = await connect();
    const own = await backendOf(resting);
    if (own === resting.processID) return "direct";
    for (let round = 0; round < rounds; round += 1) {
      const rival = await connect();
      const mode = await modeShownBy(rival, own);
      if (mode !== null) return mode;
      await rival.end();
      if ((await backendOf(resting)) !== own) return "transaction";
    }
    return "session";
  } finally {
    for (const client of clients) {
      client.end().catch(() => "A connection that is lost cannot be closed.");
    }
  }
}

/** @returns Null where the rival has got a process of its own, which shows nothing yet. */
async function modeShownBy(rival: Client, own: number): Promise<PoolingMode | null> {
  try {
    await rival.query("begin");
    return (await backendOf(rival)) === own ? "transaction" : null;
  } catch (error) {
    return error instanceof Error && /statement pooling/i.test(error.message) ? "statement" : "unclear";
  }
}

async function backendOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}
