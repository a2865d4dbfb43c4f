import { InvalidOptionsError, TalkmeClient } from "@talkme/core";

import { clientOptions } from "./client-options.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { wrongSettings } from "../language/findings/settings.ts";
import type { Text } from "../language/text.ts";
import type { Settings } from "../config/settings.ts";

/**
 * The clients of all accounts by name: either all or none.
 *
 * @param onSurplusAnswer Called with the account whose API sent an answer without a request.
 * @throws {ConfigurationError} if valid settings make no client together.
 */
export function buildClients(
  settings: Settings,
  onSurplusAnswer?: (account: string) => void,
): ReadonlyMap<string, TalkmeClient> {
  const clients = new Map<string, TalkmeClient>();
  const problems: Text[] = [];
  for (const account of settings.accounts) {
    try {
      const { name } = account;
      clients.set(name, new TalkmeClient(clientOptions(account, settings, () => onSurplusAnswer?.(name))));
    } catch (error) {
      if (!(error instanceof InvalidOptionsError)) throw error;
      problems.push(wrongSettings.ofAccount(account.name, error.message));
    }
  }
  if (problems.length === 0) return clients;
  for (const client of clients.values()) client.close().catch(() => "Nothing was sent through it.");
  throw new ConfigurationError(problems);
}
