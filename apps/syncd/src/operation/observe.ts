import type { Logger } from "pino";

import type { Databases } from "../database/databases.ts";
import { allCollectors } from "../metrics/all-collectors.ts";
import { databaseReadings } from "../metrics/database-readings.ts";
import { Exposition } from "../metrics/exposition.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { describeSnapshot } from "../metrics/oldest-snapshot.ts";
import type { Circuits } from "../pipeline/circuits.ts";
import type { Dispatcher } from "../pipeline/dispatcher.ts";
import type { Gate } from "../pipeline/gate.ts";
import type { Pacer } from "../pipeline/pacer.ts";
import type { Settler } from "../pipeline/settler.ts";
import { version } from "../version.ts";
import type { Health } from "./health.ts";
import { HttpServer } from "./http-server.ts";
import type { Listener } from "./listener.ts";

/** What is shown, and the parts that it is read from. */
export interface ObservedParts {
  readonly databases: Databases;
  readonly accountNames: readonly string[];
  readonly maintenanceTasks: readonly string[];
  readonly circuits: Circuits;
  readonly gate: Gate;
  readonly pacer: Pacer;
  readonly dispatcher: Dispatcher;
  readonly settler: Settler;
  readonly listener: Listener;
  readonly metricsToken: string | null;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: Logger;
}

/** The daemon as Prometheus, probes and people see it, over HTTP. Reads the parts when somebody asks, and changes none. */
export function observe(parts: ObservedParts): HttpServer {
  const { databases, accountNames, maintenanceTasks, circuits, gate, pacer, dispatcher, settler, listener } =
    parts;
  const { metricsToken, metrics, health, log } = parts;
  const readings = databaseReadings(databases.side, metrics, log);
  metrics.begin(accountNames, maintenanceTasks, version);
  const collectors = allCollectors(metrics.registry, {
    ...readings,
    pipeline: {
      inFlight: () => dispatcher.inFlight,
      concurrency: () => dispatcher.concurrency,
      settleBacklog: () => settler.backlog,
      settleOldestMs: () => settler.oldestMs(performance.now()),
      rates: () => pacer.rates,
    },
    circuits: () => circuits.kinds(),
    listener: () => listener,
    pools: () => databases.pools(),
  });
  return new HttpServer({
    health,
    exposition: new Exposition(metrics, collectors),
    metricsToken,
    details: async () => ({
      ...gate.describe(performance.now()),
      oldest_snapshot: await readings.snapshot().then(describeSnapshot, () => "not known"),
    }),
  });
}
