import { InvalidOptionsError, TalkmeClient } from "@talkme/core";

import { clientOptions } from "./client-options.ts";
import { ConfigurationError } from "./configuration-error.ts";
import type { Settings } from "./settings.ts";

/**
 * The clients of all accounts, by the accounts' names: all of them or none.
 *
 * @throws {ConfigurationError} where the settings, each of them right, make no client.
 */
export function buildClients(settings: Settings): ReadonlyMap<string, TalkmeClient> {
  const clients = new Map<string, TalkmeClient>();
  const problems: string[] = [];
  for (const account of settings.accounts) {
    try {
      clients.set(account.name, new TalkmeClient(clientOptions(account, settings)));
    } catch (error) {
      if (!(error instanceof InvalidOptionsError)) throw error;
      problems.push(`account ${account.name}: ${error.message}`);
    }
  }
  if (problems.length === 0) return clients;
  for (const client of clients.values()) client.close().catch(() => "Nothing was sent through it.");
  throw new ConfigurationError(problems);
}
