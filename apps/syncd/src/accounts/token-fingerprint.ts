import { scryptSync } from "node:crypto";

import type { AccountSettings } from "../config/settings.ts";

type Credentials = Pick<AccountSettings, "idCliente" | "token" | "proxyUrl">;

/**
 * Shows instances whether they use the same token, through the same proxy with the same password, when one of these is
 * refused. The database stores it, so it must not help
 * its reader: scrypt makes each guess expensive, and 24 bits fit millions of tokens, so that no guess is ever confirmed.
 * Two tokens of an account collide once in 16 million; then both wait.
 *
 * Takes about 40 ms: compute it when a token was refused, not at each start.
 */
export function tokenFingerprint({ idCliente, token, proxyUrl }: Credentials): string {
  // Without a proxy, it is that of earlier versions.
  const secret = proxyUrl === null ? token : `${token} ${proxyUrl}`;
  return scryptSync(secret, `talkme ${idCliente}`, 3).toString("hex");
}
