import { Gauge, type Registry } from "@prometheus-io/client";

import { forget, type Collector } from "../collector.ts";
import { labelOf, type OldestSnapshot } from "../oldest-snapshot.ts";

/** What keeps vacuum from removing dead rows; every instance reports the same. */
export function snapshotCollector(registry: Registry, read: () => Promise<OldestSnapshot | null>): Collector {
  const registers = [registry];
  const open = new Gauge({
    name: "talkme_oldest_snapshot_held_seconds",
    help: "How long the oldest snapshot has been kept open, which keeps vacuum from removing dead rows; 0 if there is none",
    registers,
  });
  const age = new Gauge({
    name: "talkme_oldest_snapshot_age_transactions",
    help: "Transactions begun since that snapshot was taken",
    registers,
  });
  const holder = new Gauge({
    name: "talkme_oldest_snapshot_holder_info",
    help: "What keeps it open: always 1, and one series at a time. kind: session, prepared_transaction, replication_slot. Do not alert on it: its labels change",
    labelNames: ["kind", "pid", "application"],
    registers,
  });
  return {
    name: "snapshot",
    collect: async () => {
      const snapshot = await read();
      open.set(snapshot?.openSeconds ?? 0);
      age.set(snapshot?.ageTransactions ?? 0);
      holder.reset();
      if (snapshot === null) return;
      const { kind, pid, application } = snapshot;
      holder.set({ kind, pid: pid ?? "", application: labelOf(application) }, 1);
    },
    forget: () => forget(open, age, holder),
  };
}
