import { databasePlace } from "../database/database-place.ts";
import { proxyPlace } from "./proxy-place.ts";
import type { Settings } from "./settings.ts";

/** The effective configuration for the log, without secrets; settings keep their variables' names. */
export function describeSettings(settings: Settings): object {
  return {
    database: databasePlace(settings.databaseUrl),
    listen: settings.listenUrl === null ? "off" : databasePlace(settings.listenUrl),
    accounts: settings.accounts.map(({ name, baseUrl, proxyUrl }) => ({
      name,
      base_url: baseUrl,
      proxy: proxyUrl === null ? "none" : proxyPlace(proxyUrl),
    })),
    rates_per_second: Object.fromEntries(settings.ratesPerSecond),
    account_rules: settings.accountRules,
    circuit: settings.circuit,
    response_rules: settings.api.rules.map(({ name }) => name),
    concurrency: settings.concurrency,
    request_timeout_ms: settings.requestTimeoutMs,
    poll_interval_ms: settings.pollIntervalMs,
    max_attempts: settings.maxAttempts,
    backoff_base_ms: settings.backoffBaseMs,
    backoff_max_ms: settings.backoffMaxMs,
    on_unknown: settings.onUnknown,
    claim_durability: settings.claimDurability,
    lease_seconds: settings.leaseSeconds,
    drain_timeout_ms: settings.drainTimeoutMs,
    http: `${settings.httpHost}:${settings.httpPort}`,
    metrics_need_token: settings.metricsToken !== null,
    log_level: settings.logLevel,
  };
}
