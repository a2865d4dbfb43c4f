import type { Client } from "pg";

import { checkConnection } from "./check-connection.ts";

/**
 * What a URL leads to: the server itself, or a pooler such as PgBouncer. In `session` mode a client keeps a server's
 * connection until it disconnects, in `transaction` mode for one transaction; in `statement` mode a transaction is one
 * statement. `unclear`: the pool gave out no connection in time.
 */
export type PoolingMode = "direct" | "session" | "transaction" | "statement" | "unclear";

/** A pooler gives out the connection that was used last; more than one, in case somebody else took that. */
const rounds = 3;

/**
 * Infers the mode from behaviour, because a pooler shows it only to its administrators. Leaves no trace.
 *
 * A pooler invents the process number that a client sees, so it differs from the server's. In transaction mode an idle
 * client's process serves the next client.
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
      client.end().catch(() => "A lost connection cannot be closed.");
    }
  }
}

/** @returns Null if the rival got a process of its own, which proves nothing yet. */
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
