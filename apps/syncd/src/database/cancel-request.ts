import type { Client } from "pg";

import { DatabaseClient } from "./database-client.ts";

/** Members that the types of `pg` leave out. */
declare module "pg" {
  interface Client {
    /** Identify the connection and authorise its cancellation; null before it is open. */
    readonly processID: number | null;
    readonly secretKey: number | null;
  }

  interface Connection {
    startup(parameters: object): void;
    cancel(processID: number, secretKey: number): void;
  }
}

const deadlineMs = 3000;

/**
 * Asks the server to stop a connection's statement, which would otherwise keep running or waiting for a lock after its
 * caller has left. Uses the protocol's CancelRequest because it works through PgBouncer; `pg_cancel_backend` would need
 * the connection behind it. Encrypted where the connection is.
 *
 * Resolves when the server has received it or cannot be reached; never rejects. Keep the connection open until then:
 * PgBouncer forgets the key of a closed one.
 */
export async function requestCancel(
  url: string,
  { host, port, processID, secretKey }: Client,
): Promise<void> {
  if (processID === null || secretKey === null) return;
  // Only the host of the connection can do it.
  const where = { host, port };
  const request = new DatabaseClient({ connectionString: url, connectionTimeoutMillis: deadlineMs }, where);
  const { connection } = request;
  connection.startup = () => connection.cancel(processID, secretKey);
  request.on("error", () => "The connection attempt fails with it.");
  await request.connect().catch(() => "The server answers only by closing the connection.");
  connection.stream.destroy();
}
