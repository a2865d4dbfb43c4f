/** The name of an account; for a token that the API refuses, followed by what the token is known by. */
export type CircuitKey = string;

/** Account names do not contain it. */
const separator = "/";

/** @param credential Empty for the account's own circuit. */
export function circuitKey(account: string, credential: string): CircuitKey {
  return credential === "" ? account : `${account}${separator}${credential}`;
}

export function circuitKeyParts(key: CircuitKey): { readonly account: string; readonly credential: string } {
  const [account = "", credential = ""] = key.split(separator);
  return { account, credential };
}
