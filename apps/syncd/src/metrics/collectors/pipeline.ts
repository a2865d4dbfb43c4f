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
  readonly waitsForStandby: () => boolean;
}

/** What this instance is sending and has yet to write. */
export function pipelineCollector(registry: Registry, sources: PipelineSources): Collector {
  const registers = [registry];
  const inFlight = new Gauge({
    name: "talkme_sends_in_flight",
    help: "Requests on the wire",
    registers,
  });
  const concurrency = new Gauge({
    name: "talkme_concurrency_limit",
    help: "The most requests on the wire: TALKME_CONCURRENCY",
    registers,
  });
  const backlog = new Gauge({
    name: "talkme_settle_backlog",
    help: "Answers in memory that the database does not have yet, including those of the running statement; under load up to the concurrency. If the process is killed, their rows become unknown",
    registers,
  });
  const oldest = new Gauge({
    name: "talkme_settle_oldest_seconds",
    help: "Age of the oldest of these answers, usually a moment; 0 if there is none",
    registers,
  });
  const rate = new Gauge({
    name: "talkme_rate_limit_per_second",
    help: "Messages a second that the scope may send now, all instances together: the configured rate or that of talkme.campaign, halved after each 429. Unlimited scopes have no series",
    labelNames: ["scope"],
    registers,
  });
  const standby = new Gauge({
    name: "talkme_waiting_for_standby",
    help: "1 while nothing is sent because no synchronous standby confirms commits; always 0 with TALKME_CLAIM_DURABILITY=local",
    registers,
  });
  return {
    name: "pipeline",
    collect: () => {
      inFlight.set(sources.inFlight());
      concurrency.set(sources.concurrency());
      backlog.set(sources.settleBacklog());
      oldest.set(sources.settleOldestMs() / 1000);
      standby.set(Number(sources.waitsForStandby()));
      rate.reset();
      for (const [scope, perSecond] of sources.rates()) rate.set({ scope }, perSecond);
    },
    forget: () => forget(inFlight, concurrency, backlog, oldest, rate, standby),
  };
}
