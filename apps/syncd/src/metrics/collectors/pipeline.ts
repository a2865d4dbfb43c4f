import { Gauge, type Registry } from "@prometheus-io/client";

import { forget, type Collector } from "../collector.ts";

export interface PipelineSources {
  readonly inFlight: () => number;
  readonly concurrency: () => number;
  readonly settleBacklog: () => number;
  /** Milliseconds. */
  readonly settleOldestMs: () => number;
  /** Messages a second that each scope may send now. */
  readonly rates: () => ReadonlyMap<string, number>;
}

/** What this instance has in its hands. */
export function pipelineCollector(registry: Registry, sources: PipelineSources): Collector {
  const registers = [registry];
  const inFlight = new Gauge({
    name: "talkme_sends_in_flight",
    help: "Requests on the wire",
    registers,
  });
  const concurrency = new Gauge({
    name: "talkme_concurrency_limit",
    help: "How many requests may be on the wire: TALKME_CONCURRENCY",
    registers,
  });
  const backlog = new Gauge({
    name: "talkme_settle_backlog",
    help: "Answers that are in memory and not in the database yet, those of the statement under way included: up to the concurrency under load. If the process is killed, these rows become unknown",
    registers,
  });
  const oldest = new Gauge({
    name: "talkme_settle_oldest_seconds",
    help: "For how long the oldest of these answers has waited, which the database should have a moment after it came; 0 where there are none",
    registers,
  });
  const rate = new Gauge({
    name: "talkme_rate_limit_per_second",
    help: "Messages a second that the scope may send now, all instances together: as configured or as talkme.campaign says, halved after each 429. Unlimited scopes have no series",
    labelNames: ["scope"],
    registers,
  });
  return {
    name: "pipeline",
    collect: () => {
      inFlight.set(sources.inFlight());
      concurrency.set(sources.concurrency());
      backlog.set(sources.settleBacklog());
      oldest.set(sources.settleOldestMs() / 1000);
      rate.reset();
      for (const [scope, perSecond] of sources.rates()) rate.set({ scope }, perSecond);
    },
    forget: () => forget(inFlight, concurrency, backlog, oldest, rate),
  };
}
