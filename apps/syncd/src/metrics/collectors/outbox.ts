import { Gauge, type Registry } from "@prometheus-io/client";
import { statuses } from "@talkme/outbox";
import type { QueuedLane, RowCounts } from "@talkme/outbox/daemon";

import { forget, type Collector } from "../collector.ts";

export interface OutboxReading {
  readonly counts: RowCounts;
  readonly lanes: readonly QueuedLane[];
}

/** The state of the table, the same for every instance: dashboards take `max()` of it. */
export function outboxCollector(registry: Registry, read: () => Promise<OutboxReading>): Collector {
  const registers = [registry];
  const rows = new Gauge({
    name: "talkme_outbox_rows",
    help: "Rows of the table, by status. sent is an estimate in a table over 100 MB",
    labelNames: ["status"],
    registers,
  });
  const oldest = new Gauge({
    name: "talkme_outbox_oldest_pending_timestamp_seconds",
    help: "When the oldest due row became due, as a Unix time; 0 where none waits",
    registers,
  });
  const due = new Gauge({
    name: "talkme_outbox_due_lanes",
    help: "Lanes (account, campaign and channel) and priorities that have due rows",
    registers,
  });
  return {
    name: "outbox",
    collect: async () => {
      const { counts, lanes } = await read();
      for (const status of statuses) rows.set({ status }, counts.byStatus[status]);
      const dueLanes = lanes.filter(({ dueInMs }) => dueInMs <= 0);
      oldest.set(
        dueLanes.reduce(
          (min, { dueAtSeconds }) => Math.min(min, dueAtSeconds),
          dueLanes[0]?.dueAtSeconds ?? 0,
        ),
      );
      due.set(dueLanes.length);
    },
    forget: () => forget(rows, oldest, due),
  };
}
