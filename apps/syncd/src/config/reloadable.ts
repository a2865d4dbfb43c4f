import { isDeepStrictEqual } from "node:util";

import type { Settings } from "./settings.ts";

/** What a running daemon can take on; everything else needs a restart. */
export const reloadable = [
  "accounts",
  "api",
  "concurrency",
  "logLevel",
  "ratesPerSecond",
  "requestTimeoutMs",
] as const satisfies readonly (keyof Settings)[];

/** What the start alone can take on. */
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
  "leaseSeconds",
  "drainTimeoutMs",
  "httpHost",
  "httpPort",
  "metricsToken",
] as const satisfies readonly (keyof Settings)[];

export interface Reloaded {
  /** What is in force now. */
  readonly settings: Settings;
  /** The names of the settings that have changed. */
  readonly changed: readonly string[];
  /** Those that have changed too, and are not in force before a restart. */
  readonly needRestart: readonly string[];
}

/**
 * Merges what was read anew into what is in force. Accounts are taken on where they have the same names as before: what
 * an account needs at the start, a new one does not get later.
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
      // An account that was taken off the list, and sends here until the restart, keeps its rate.
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

/** As in the line `configuration`. */
function inLog(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
