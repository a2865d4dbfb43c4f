import { isDeepStrictEqual } from "node:util";

import type { Settings } from "./settings.ts";

/** The settings that a running daemon can change; all others need a restart. */
export const reloadable = [
  "accounts",
  "api",
  "concurrency",
  "logLevel",
  "ratesPerSecond",
  "requestTimeoutMs",
] as const satisfies readonly (keyof Settings)[];

/** The settings that only a restart changes. */
export const fixed = [
  "databaseUrl",
  "listenUrl",
  "accountRules",
  "circuit",
  "pollIntervalMs",
  "maxAttempts",
  "backoffBaseMs",
  "backoffMaxMs",
  "onUnknown",
  "claimDurability",
  "leaseSeconds",
  "drainTimeoutMs",
  "httpHost",
  "httpPort",
  "metricsToken",
  "metricsAreOpen",
] as const satisfies readonly (keyof Settings)[];

export interface Reloaded {
  /** The settings now in force. */
  readonly settings: Settings;
  /** The names of the settings that changed. */
  readonly changed: readonly string[];
  /** Settings that changed in the file but take effect only after a restart. */
  readonly needRestart: readonly string[];
}

/**
 * Merges settings just read into those in force. Accounts change only if their names are the same as before, because a
 * new account would miss its part of the start.
 */
export function reloadInto(current: Settings, read: Settings): Reloaded {
  const sameAccounts = isDeepStrictEqual(accountNames(current), accountNames(read));
  const taken = reloadable.filter((name) => sameAccounts || name !== "accounts");
  const differs = (name: keyof Settings): boolean => !isDeepStrictEqual(current[name], read[name]);
  const isTaken = new Set<string>(taken);
  return {
    settings: {
      ...current,
      ...Object.fromEntries(taken.map((name) => [name, read[name]])),
      // An account removed from the file still sends until the restart, at its old rate.
      ratesPerSecond: sameAccounts
        ? read.ratesPerSecond
        : new Map([...current.ratesPerSecond, ...read.ratesPerSecond]),
    },
    changed: taken.filter(differs).map(inLog),
    needRestart: [...reloadable, ...fixed].filter((name) => !isTaken.has(name) && differs(name)).map(inLog),
  };
}

function accountNames({ accounts }: Settings): readonly string[] {
  return accounts.map(({ name }) => name);
}

/** As the log line `configuration` spells it. */
function inLog(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
