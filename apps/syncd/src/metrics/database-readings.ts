import {
  countInstances,
  countRows,
  listCampaigns,
  readHistoryState,
  readOldestSnapshot,
  readQueuePages,
  readTableHealth,
} from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import { WaitingLanes } from "../policy/waiting-lanes.ts";
import type { CollectorSources } from "./all-collectors.ts";
import { CachedReading } from "./cached-reading.ts";
import type { Metrics } from "./metrics.ts";
import { SnapshotWatch } from "./oldest-snapshot.ts";

type DatabaseSources = Pick<
  CollectorSources,
  "outbox" | "campaigns" | "tables" | "snapshot" | "instances" | "history"
>;

/** The database's readings for a scrape; none reads sent rows. */
export function databaseReadings(database: Database, metrics: Metrics, log: Logger): DatabaseSources {
  const cached = <T>(collector: string, read: () => Promise<T>): (() => Promise<T>) => {
    const reading = new CachedReading(read, (error) => {
      metrics.databaseErrors.inc();
      log.warn({ collector, ...describeDatabaseError(error) }, "metrics could not be read");
    });
    return () => reading.get();
  };
  const watch = new SnapshotWatch();
  const waiting = new WaitingLanes();
  return {
    outbox: cached("outbox", async () => ({
      counts: await countRows(database.kysely),
      waiting: await waiting.see(readQueuePages(database.kysely)),
    })),
    campaigns: cached("campaigns", () => listCampaigns(database.kysely)),
    tables: cached("tables", () => readTableHealth(database.kysely)),
    snapshot: cached("snapshot", async () =>
      watch.see(await readOldestSnapshot(database.kysely), performance.now()),
    ),
    instances: cached("instances", () => countInstances(database.kysely)),
    history: cached("history", () => readHistoryState(database.kysely)),
  };
}
