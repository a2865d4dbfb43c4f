import { Gauge, type Registry } from "@prometheus-io/client";

import { forget, type Collector } from "../collector.ts";
import { labelOf, type OldestSnapshot } from "../oldest-snapshot.ts";

/** Who keeps vacuum from its work, the same for every instance. */
export function snapshotCollector(registry: Registry, read: () => Promise<OldestSnapshot | null>): Collector {
  const registers = [registry];
  const held = new Gauge({
    name: "talkme_oldest_snapshot_held_seconds",
    help: "For how long the oldest snapshot is held, which keeps vacuum from removing dead rows; 0 where there is none",
    registers,
  });
  const age = new Gauge({
    name: "talkme_oldest_snapshot_age_transactions",
    help: "How many transactions have begun since it was taken",
    registers,
  });
  const holder = new Gauge({
    name: "talkme_oldest_snapshot_holder_info",
    help: "Who holds it: always 1, and one series at a time. kind: session, prepared_transaction, replication_slot. Do not alert on it: its labels change",
    labelNames: ["kind", "pid", "application"],
    registers,
  });
  return {
    name: "snapshot",
    collect: async () => {
      const snapshot = await read();
      held.set(snapshot?.heldSeconds ?? 0);
      age.set(snapshot?.ageTransactions ?? 0);
      holder.reset();
      if (snapshot === null) return;
      const { kind, pid, application } = snapshot;
      holder.set({ kind, pid: pid ?? "", application: labelOf(application) }, 1);
    },
    forget: () => forget(held, age, holder),
  };
}
