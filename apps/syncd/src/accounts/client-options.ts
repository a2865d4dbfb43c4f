import type { TalkmeClientOptions } from "@talkme/core";

import type { AccountSettings, Settings } from "../config/settings.ts";

/** Beside those that carry a request, for those that rest: the rest at 20 requests a second takes two, at 300 thirty. */
const restingConnections = 32;

/**
 * What the client of an account is made with.
 *
 * @param onSurplusAnswer Told where more came back than was asked for.
 */
export function clientOptions(
  account: AccountSettings,
  settings: Settings,
  onSurplusAnswer?: () => void,
): TalkmeClientOptions {
  const { idCliente, token, baseUrl } = account;
  return {
    idCliente,
    token,
    baseUrl,
    ...settings.api,
    timeoutMs: settings.requestTimeoutMs,
    maxConnections: settings.concurrency + restingConnections,
    onSurplusAnswer,
  };
}
