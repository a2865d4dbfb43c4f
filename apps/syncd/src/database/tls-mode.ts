import { Client } from "pg";

import { isLoopback } from "../is-loopback.ts";

/**
 * How far a connection is protected.
 *
 * - `local`: it does not leave the machine.
 * - `none`: in the clear.
 * - `unverified`: encrypted, for whoever answers.
 * - `authority`: by a server that the authority vouches for, under any name.
 * - `verified`: by the server that the URL names.
 */
export type TlsMode = "local" | "none" | "unverified" | "authority" | "verified";

/** Reads it as the driver does, from the URL and from PGSSLMODE; does not connect. */
export function tlsMode(url: string): TlsMode {
  const client = new Client({ connectionString: url });
  // Its types know a boolean only.
  const ssl: unknown = client.ssl;
  if (ssl === false) return isThisMachine(client.host) ? "local" : "none";
  if (typeof ssl !== "object" || ssl === null) return "verified";
  if ("rejectUnauthorized" in ssl && ssl.rejectUnauthorized === false) return "unverified";
  return "checkServerIdentity" in ssl ? "authority" : "verified";
}

/** A folder is that of the server's socket. */
function isThisMachine(host: string): boolean {
  return host.startsWith("/") || isLoopback(host);
}
