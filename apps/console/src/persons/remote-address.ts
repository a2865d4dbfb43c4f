import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";

/** The address at the other end of the connection, never one that a header claims; null if it is gone. */
export function remoteAddress(context: Context): string | null {
  const { incoming }: HttpBindings = context.env;
  const address = incoming.socket.remoteAddress;
  // An IPv4 address as a socket for both families shows it.
  return address?.replace(/^::ffff:(?=\d+\.)/, "") ?? null;
}
