import { TalkmeClient } from "@talkme/core";

import { clientOptions } from "../config/client-options.ts";
import type { Settings } from "../config/settings.ts";
import { Account } from "./account.ts";

/** The configured accounts by name, each with a client of its own. */
export function openAccounts(settings: Settings): ReadonlyMap<string, Account> {
  return new Map(
    settings.accounts.map((account) => {
      const client = new TalkmeClient(clientOptions(account, settings));
      return [account.name, new Account(account.name, client)];
    }),
  );
}

/** After a reload: the accounts that there are make their next requests as `settings` say. */
export function renewClients(accounts: ReadonlyMap<string, Account>, settings: Settings): void {
  for (const account of settings.accounts)
    accounts.get(account.name)?.replaceClient(new TalkmeClient(clientOptions(account, settings)));
}

/** Closes their connections; never fails. */
export async function closeAccounts(accounts: ReadonlyMap<string, Account>): Promise<void> {
  await Promise.allSettled([...accounts.values()].map(({ client }) => client.close()));
}
