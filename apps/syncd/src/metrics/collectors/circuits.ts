import { Gauge, type Registry } from "@prometheus-io/client";
import type { CircuitKind } from "@talkme/outbox";

import { forget, type Collector } from "../collector.ts";

/** @param kinds Why each account's circuit is open; null while it is closed. */
export function circuitsCollector(
  registry: Registry,
  kinds: () => ReadonlyMap<string, CircuitKind | null>,
): Collector {
  const labelNames = ["account"] as const;
  const registers = [registry];
  const open = new Gauge({
    name: "talkme_circuit_open",
    help: "1 while the account's rows wait because sending would fail or do harm, or while one row is tried; not for 429",
    labelNames,
    registers,
  });
  const throttled = new Gauge({
    name: "talkme_account_throttled",
    help: "1 while the account waits because the API answered 429",
    labelNames,
    registers,
  });
  return {
    name: "circuits",
    collect: () => {
      for (const [account, kind] of kinds()) {
        open.set({ account }, Number(kind !== null && kind !== "throttled"));
        throttled.set({ account }, Number(kind === "throttled"));
      }
    },
    forget: () => forget(open, throttled),
  };
}
