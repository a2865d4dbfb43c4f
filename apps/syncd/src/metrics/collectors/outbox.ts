import { Gauge, type Registry } from "@prometheus-io/client";
import { statuses } from "@talkme/outbox";
import type { RowCounts } from "@talkme/outbox/daemon";

import { holdReasons } from "../../policy/held-lane.ts";
import type { Waiting } from "../../policy/waiting-lanes.ts";
import { forget, type Collector } from "../collector.ts";

export interface OutboxReading {
  readonly counts: RowCounts;
  readonly waiting: Waiting;
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
    help: "When the oldest due row became due, as a Unix time; 0 where none waits. Rows that a pause or a closed sending window holds are left out; once let go, they count from then on",
    registers,
  });
  const due = new Gauge({
    name: "talkme_outbox_due_lanes",
    help: "Lanes (account, campaign and channel) and priorities that have due rows which may go",
    registers,
  });
  const heldLanes = new Gauge({
    name: "talkme_outbox_held_lanes",
    help: "Lanes and priorities that have due rows of which none may go. reason: pause (talkme.pause, or a campaign that is not active), window (the sending window is closed in the whole country)",
    labelNames: ["reason"],
    registers,
  });
  const oldestHeld = new Gauge({
    name: "talkme_outbox_oldest_held_timestamp_seconds",
    help: "When the oldest due row of these became due, as a Unix time; 0 where there is none",
    labelNames: ["reason"],
    registers,
  });
  return {
    name: "outbox",
    collect: async () => {
      const { counts, waiting } = await read();
      for (const status of statuses) rows.set({ status }, counts.byStatus[status]);
      oldest.set(waiting.free.oldestSeconds);
      due.set(waiting.free.lanes);
      for (const reason of holdReasons) {
        heldLanes.set({ reason }, waiting.held[reason].lanes);
        oldestHeld.set({ reason }, waiting.held[reason].oldestSeconds);
      }
    },
    forget: () => forget(rows, oldest, due, heldLanes, oldestHeld),
  };
}
