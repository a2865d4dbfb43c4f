import type { AccountRules, Durability } from "@talkme/outbox/daemon";

import { readEnvironment, type Environment } from "./environment.ts";
import type { AccountSettings } from "./settings.ts";
import { variableNames, variables } from "./variables.ts";

/** What `check` can look at even if other settings are wrong. */
export interface Places {
  readonly databaseUrl: string | null;
  /** Null where it is off. */
  readonly listenUrl: string | null;
  /** The file's rules of accounts; empty where the file was not read. */
  readonly accountRules: readonly AccountRules[];
  readonly claimDurability: Durability;
  readonly accounts: readonly Pick<AccountSettings, "name" | "baseUrl" | "proxyUrl">[];
}

/** Reads the valid addresses from the environment alone, not from the YAML file; never fails. */
export function readPlaces(environment: Environment): Places {
  const { values } = readEnvironment(environment, variableNames);
  const database = variables.TALKME_DATABASE_URL.safeParse(values["TALKME_DATABASE_URL"]);
  const listen = variables.TALKME_LISTEN_URL.safeParse(values["TALKME_LISTEN_URL"]);
  const api = variables.TALKME_BASE_URL.safeParse(values["TALKME_BASE_URL"]);
  const proxy = variables.TALKME_PROXY_URL.safeParse(values["TALKME_PROXY_URL"]);
  const durability = variables.TALKME_CLAIM_DURABILITY.safeParse(values["TALKME_CLAIM_DURABILITY"]);
  const databaseUrl = database.success ? database.data : null;
  return {
    databaseUrl,
    listenUrl: listen.success && listen.data !== "off" ? (listen.data ?? databaseUrl) : null,
    accountRules: [],
    claimDurability: durability.success ? durability.data : "local",
    // With a proxy that is not known, nothing can be said of the API.
    accounts:
      api.success && proxy.success
        ? [{ name: "default", baseUrl: api.data, proxyUrl: proxy.data ?? null }]
        : [],
  };
}
