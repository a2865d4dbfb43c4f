import { createHash, randomBytes } from "node:crypto";

const tokenBytes = 32;

/** What the browser keeps: nobody guesses it. */
export function newToken(): string {
  return randomBytes(tokenBytes).toString("base64url");
}

/** What the database keeps: whoever reads it cannot take the session over. */
export function tokenHash(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
