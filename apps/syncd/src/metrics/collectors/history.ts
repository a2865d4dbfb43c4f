import { Gauge, type Registry } from "@prometheus-io/client";
import type { HistoryState } from "@talkme/outbox/daemon";

import { forget, type Collector } from "../collector.ts";

/** Whether the database is the one in which the messages were marked; every instance reports the same. */
export function historyCollector(
  registry: Registry,
  read: () => Promise<Pick<HistoryState, "changed">>,
): Collector {
  const changed = new Gauge({
    name: "talkme_history_changed",
    help: "1 while nothing is sent because the database is not the one in which the messages were marked, after a failover, a restore or in a copy, and nobody has acknowledged it; else 0",
    registers: [registry],
  });
  return {
    name: "history",
    collect: async () => changed.set(Number((await read()).changed)),
    forget: () => forget(changed),
  };
}
