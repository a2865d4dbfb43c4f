import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";

/** 32 MB and some 100 ms for each guess. They stand in each hash, so that a later version may ask for more. */
const costs = { log2N: 15, r: 8, p: 3 };
const keyBytes = 32;
const saltBytes = 16;

/** Shorter ones are guessed, however slowly each guess goes. */
export const leastPasswordLength = 12;

/** A hash that no password has: a name that nobody has takes as long to refuse as a wrong password. */
const nobodys = `scrypt$${costs.log2N}$${costs.r}$${costs.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

/** @returns `scrypt$15$8$3$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const key = await derive(password, salt, costs);
  const { log2N, r, p } = costs;
  return ["scrypt", log2N, r, p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/**
 * Whether the password is the one that was hashed. Takes as long where there is none.
 *
 * @param hash Null: there is no such account.
 */
export async function isPassword(password: string, hash: string | null): Promise<boolean> {
  const [, log2N, r, p, salt = "", key = ""] = (hash ?? nobodys).split("$");
  const given = await derive(password, Buffer.from(salt, "base64url"), {
    log2N: Number(log2N),
    r: Number(r),
    p: Number(p),
  });
  const kept = Buffer.from(key, "base64url");
  return kept.length === given.length && timingSafeEqual(kept, given) && hash !== null;
}

async function derive(
  password: string,
  salt: Buffer,
  { log2N, r, p }: { readonly log2N: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** log2N, r, p, maxmem: 2 ** log2N * r * 256 };
  return new Promise((resolve, reject) => {
    // The same characters may be typed in several ways.
    scrypt(password.normalize("NFKC"), salt, keyBytes, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
