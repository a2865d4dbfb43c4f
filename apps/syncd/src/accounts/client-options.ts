import type { TalkmeClientOptions } from "@talkme/core";

import type { AccountSettings, Settings } from "../config/settings.ts";

/** Connections that rest between requests, beside those in use: 20 requests a second need two, 300 need thirty. */
const restingConnections = 32;

/**
 * The options of an account's client.
 *
 * @param onSurplusAnswer Called when an answer comes without a request.
 */
export function clientOptions(
  account: AccountSettings,
  settings: Settings,
  onSurplusAnswer?: () => void,
): TalkmeClientOptions {
  const { idCliente, token, baseUrl, proxyUrl } = account;
  return {
    idCliente,
    token,
    baseUrl,
    proxyUrl: proxyUrl ?? undefined,
    ...settings.api,
    timeoutMs: settings.requestTimeoutMs,
    maxConnections: settings.concurrency + restingConnections,
    onSurplusAnswer,
  };
}
