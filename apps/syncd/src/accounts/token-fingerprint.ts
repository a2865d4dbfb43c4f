import { scryptSync } from "node:crypto";

/**
 * Shows instances whether they use the same token when the API refuses it. The database stores it, so it must not help
 * its reader: scrypt makes each guess expensive, and 24 bits fit millions of tokens, so that no guess is ever confirmed.
 * Two tokens of an account collide once in 16 million; then both wait.
 *
 * Takes about 40 ms: compute it when a token was refused, not at each start.
 */
export function tokenFingerprint(idCliente: string, token: string): string {
  return scryptSync(token, `talkme ${idCliente}`, 3).toString("hex");
}
