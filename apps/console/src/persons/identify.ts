import type { BlockList } from "node:net";
import { isIPv6 } from "node:net";

import type { OutboxDatabase } from "@talkme/outbox";
import { findSession } from "@talkme/outbox/console";
import type { Context } from "hono";
import type { Kysely } from "kysely";

import { remoteAddress } from "./remote-address.ts";
import type { SessionCookie } from "./session-cookie.ts";
import { tokenHash } from "./session-token.ts";

/** Nobody uses a session for this long: the person has gone home. */
export const idleSeconds = 2 * 3600;

/**
 * Says who asks, by name; null if nobody has logged in.
 *
 * @param db The request's transaction, with the rights of `talkme_console`.
 */
export type Identify = (context: Context, db: Kysely<OutboxDatabase>) => Promise<string | null>;

/** By the cookie of a session. */
export function bySession(cookie: SessionCookie): Identify {
  return async (context, db) => {
    const token = cookie.read(context);
    return token === null ? null : findSession(db, tokenHash(token), idleSeconds);
  };
}

/**
 * By a header of a proxy that has asked who it is. Only from the proxy's own addresses: whoever else sends it is nobody. A header
 * that comes twice names nobody either: Node.js joins both with a comma, and one of them may be the client's own.
 */
export function byProxy(addresses: BlockList, header: string): Identify {
  return async (context) => {
    const address = remoteAddress(context);
    if (address === null || !addresses.check(address, isIPv6(address) ? "ipv6" : "ipv4")) return null;
    const name = context.req.header(header)?.trim() ?? "";
    return name === "" || /[,\s\p{Cc}]/u.test(name) || name.length > 200 ? null : name;
  };
}
