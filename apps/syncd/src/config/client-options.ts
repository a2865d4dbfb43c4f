import type { TalkmeClientOptions } from "@talkme/core";

import type { AccountSettings, Settings } from "./settings.ts";

/** What the client of an account is made with. */
export function clientOptions(account: AccountSettings, settings: Settings): TalkmeClientOptions {
  const { idCliente, token, baseUrl } = account;
  return {
    idCliente,
    token,
    baseUrl,
    ...settings.api,
    timeoutMs: settings.requestTimeoutMs,
    maxConnections: settings.concurrency,
  };
}
