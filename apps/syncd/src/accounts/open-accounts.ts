import { buildClients } from "./build-clients.ts";
import type { Settings } from "../config/settings.ts";
import { tokenFingerprint } from "./token-fingerprint.ts";
import { Account } from "./account.ts";

/**
 * The configured accounts by name, each with a client of its own.
 *
 * @throws {ConfigurationError} if the settings make no client.
 */
export function openAccounts(
  settings: Settings,
  onSurplusAnswer: (account: string) => void,
): ReadonlyMap<string, Account> {
  return new Map(
    [...buildClients(settings, onSurplusAnswer)].map(([name, client]) => [
      name,
      new Account(name, client, fingerprintOf(settings, name)),
    ]),
  );
}

/**
 * After a reload: existing accounts make their next requests by the new `settings`.
 *
 * @throws {ConfigurationError} if the settings make no client; nothing has changed then.
 */
export function renewClients(
  accounts: ReadonlyMap<string, Account>,
  settings: Settings,
  onSurplusAnswer: (account: string) => void,
): void {
  for (const [name, client] of buildClients(settings, onSurplusAnswer))
    accounts.get(name)?.replaceClient(client, fingerprintOf(settings, name));
}

function fingerprintOf({ accounts }: Settings, name: string): () => string {
  const account = accounts.find((one) => one.name === name);
  return () => tokenFingerprint(account ?? { idCliente: "", token: "", proxyUrl: null });
}

/** Closes their connections; never fails. */
export async function closeAccounts(accounts: ReadonlyMap<string, Account>): Promise<void> {
  await Promise.allSettled([...accounts.values()].map(({ client }) => client.close()));
}
