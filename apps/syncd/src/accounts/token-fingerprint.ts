import { scryptSync } from "node:crypto";

/**
 * By what instances know whether they have the same token, where the API refuses it. It stands in the database, so it must
 * not help whoever reads it: scrypt makes each guess dear, and 24 bits fit millions of tokens, so that no guess is ever
 * confirmed. Two tokens of one account are mistaken for each other once in 16 million times; then both wait.
 *
 * Takes some 40 ms: for when a token was refused, not for each start.
 */
export function tokenFingerprint(idCliente: string, token: string): string {
  return scryptSync(token, `talkme ${idCliente}`, 3).toString("hex");
}
