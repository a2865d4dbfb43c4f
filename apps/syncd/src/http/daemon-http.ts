import type { Logger } from "pino";

import type { Databases } from "../database/databases.ts";
import { allCollectors } from "../metrics/all-collectors.ts";
import { databaseReadings } from "../metrics/database-readings.ts";
import { Exposition } from "../metrics/exposition.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { describeSnapshot } from "../metrics/oldest-snapshot.ts";
import type { Dispatcher } from "../sending/dispatcher.ts";
import type { Admission } from "../admission/admission.ts";
import type { UnsettledAnswers } from "../sending/unsettled-answers.ts";
import { version } from "../version.ts";
import type { Health } from "../service/health.ts";
import { HttpServer } from "./http-server.ts";
import type { Listener } from "../instance/listener.ts";
import type { StandbyWatch } from "../instance/standby-watch.ts";

/** The parts that are shown. */
export interface ObservedParts {
  readonly databases: Databases;
  readonly accountNames: readonly string[];
  readonly maintenanceTasks: readonly string[];
  readonly admission: Admission;
  readonly dispatcher: Dispatcher;
  readonly unsettled: UnsettledAnswers;
  readonly listener: Listener;
  readonly standby: StandbyWatch;
  readonly metricsToken: string | null;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly log: Logger;
}

/** The daemon as Prometheus, probes and people see it over HTTP. Reads the parts on request and changes none. */
export function observe(parts: ObservedParts): HttpServer {
  const { databases, accountNames, maintenanceTasks, admission, dispatcher, unsettled, listener } = parts;
  const { standby, metricsToken, metrics, health, log } = parts;
  const readings = databaseReadings(databases.side, metrics, log);
  metrics.begin(accountNames, maintenanceTasks, version);
  const collectors = allCollectors(metrics.registry, {
    ...readings,
    pipeline: {
      inFlight: () => dispatcher.inFlight,
      concurrency: () => dispatcher.concurrency,
      settleBacklog: () => unsettled.backlog,
      settleOldestMs: () => unsettled.oldestMs(performance.now()),
      rates: () => admission.rates,
      waitsForStandby: () => standby.isWaiting,
    },
    circuits: () => admission.circuitKinds,
    listener: () => listener,
    pools: () => databases.pools(),
  });
  return new HttpServer({
    health,
    exposition: new Exposition(metrics, collectors),
    metricsToken,
    details: async () => ({
      ...admission.describe(performance.now()),
      oldest_snapshot: await readings.snapshot().then(describeSnapshot, () => "unknown"),
    }),
  });
}
