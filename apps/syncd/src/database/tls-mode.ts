import { Client } from "pg";

import { isLoopback } from "../is-loopback.ts";
import { parseHostList } from "./database-url.ts";

/**
 * How well a connection is protected.
 *
 * - `local`: it does not leave the machine.
 * - `none`: in the clear.
 * - `unverified`: encrypted, to any server that answers.
 * - `authority`: encrypted, to any server that the authority certified.
 * - `verified`: encrypted, to the server that the URL names.
 */
export type TlsMode = "local" | "none" | "unverified" | "authority" | "verified";

/** Reads it from the URL and PGSSLMODE, as the driver does; does not connect. */
export function tlsMode(url: string): TlsMode {
  const list = parseHostList(url);
  const client = new Client({ connectionString: list?.driverUrl ?? url });
  const hosts = list?.hosts.map(({ host }) => host) ?? [client.host];
  // Its type says boolean.
  const ssl: unknown = client.ssl;
  if (ssl === false) return hosts.every(isThisMachine) ? "local" : "none";
  if (typeof ssl !== "object" || ssl === null) return "verified";
  if ("rejectUnauthorized" in ssl && ssl.rejectUnauthorized === false) return "unverified";
  return "checkServerIdentity" in ssl ? "authority" : "verified";
}

/** A path names the folder of the server's socket. */
function isThisMachine(host: string): boolean {
  return host.startsWith("/") || isLoopback(host);
}
