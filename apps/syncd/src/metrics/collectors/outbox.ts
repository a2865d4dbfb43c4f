import { Gauge, type Registry } from "@prometheus-io/client";
import { statuses } from "@talkme/outbox";
import type { RowCounts } from "@talkme/outbox/daemon";

import { stopReasons } from "../../policy/stopped-lane.ts";
import type { Waiting } from "../../policy/waiting-lanes.ts";
import { forget, type Collector } from "../collector.ts";

export interface OutboxReading {
  readonly counts: RowCounts;
  readonly waiting: Waiting;
}

/** The state of the table; every instance reports the same, so dashboards use `max()`. */
export function outboxCollector(registry: Registry, read: () => Promise<OutboxReading>): Collector {
  const registers = [registry];
  const rows = new Gauge({
    name: "talkme_outbox_rows",
    help: "Rows of the table by status; sent is an estimate in a table over 100 MB",
    labelNames: ["status"],
    registers,
  });
  const oldest = new Gauge({
    name: "talkme_outbox_oldest_pending_timestamp_seconds",
    help: "When the oldest due row became due, as a Unix time; 0 if none waits. Leaves out rows that a pause or a closed sending window stops; once released, they count from then",
    registers,
  });
  const due = new Gauge({
    name: "talkme_outbox_due_lanes",
    help: "Lanes (account, campaign and channel) and priorities with due rows that may go",
    registers,
  });
  const stoppedLanes = new Gauge({
    name: "talkme_outbox_held_lanes",
    help: "Lanes and priorities with due rows of which none may go. reason: pause (talkme.pause, or an inactive campaign), window (the sending window is closed in the whole country)",
    labelNames: ["reason"],
    registers,
  });
  const oldestStopped = new Gauge({
    name: "talkme_outbox_oldest_held_timestamp_seconds",
    help: "When the oldest due row of these lanes became due, as a Unix time; 0 if there is none",
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
      for (const reason of stopReasons) {
        stoppedLanes.set({ reason }, waiting.stopped[reason].lanes);
        oldestStopped.set({ reason }, waiting.stopped[reason].oldestSeconds);
      }
    },
    forget: () => forget(rows, oldest, due, stoppedLanes, oldestStopped),
  };
}
