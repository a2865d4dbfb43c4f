import type { Client } from "pg";

import { AnyAddressClient } from "./any-address-client.ts";

/** What `pg` has and its types leave out. */
declare module "pg" {
  interface Client {
    /** The server's name for the connection, and its proof that who names it may cancel. Null before it is open. */
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
 * Asks the server to stop what a connection is doing: without that, a statement that nobody waits for goes on, or
 * goes on waiting for a lock. By the protocol's own CancelRequest, which works through PgBouncer too, where
 * `pg_cancel_backend` would need to know the connection behind it. Encrypted where the connection is.
 *
 * Settles when the server has heard it, or cannot be reached; never with an error. The connection has to be open
 * until then: PgBouncer forgets the key of one that is closed.
 */
export async function requestCancel(url: string, { processID, secretKey }: Client): Promise<void> {
  if (processID === null || secretKey === null) return;
  const request = new AnyAddressClient({ connectionString: url, connectionTimeoutMillis: deadlineMs });
  const { connection } = request;
  connection.startup = () => connection.cancel(processID, secretKey);
  request.on("error", () => "The attempt to connect fails with it.");
  await request.connect().catch(() => "To close the connection is all that a server answers.");
  connection.stream.destroy();
}
