import { Counter, Gauge, type MetricObject } from "@prometheus-io/client";

import type { Collector } from "./collector.ts";
import type { Metrics } from "./metrics.ts";

/** Answers a scrape by asking every collector; reports failed collectors instead of failing. */
export class Exposition {
  readonly #metrics: Metrics;
  readonly #collectors: readonly Collector[];
  readonly #up: Gauge<"collector">;
  readonly #failures: Counter<"collector">;
  readonly #duration: Gauge<"collector">;

  constructor(metrics: Metrics, collectors: readonly Collector[]) {
    this.#metrics = metrics;
    this.#collectors = collectors;
    const registers = [metrics.registry];
    const labelNames = ["collector"] as const;
    this.#up = new Gauge({
      name: "talkme_collector_up",
      help: "1 if the collector could read its metrics at this scrape; while 0, they have no samples or are NaN",
      labelNames,
      registers,
    });
    this.#failures = new Counter({
      name: "talkme_collector_failures_total",
      help: "Scrapes at which the collector could not read its metrics",
      labelNames,
      registers,
    });
    this.#duration = new Gauge({
      name: "talkme_collector_duration_seconds",
      help: "How long the collector took at this scrape; near 0 if it used a cached reading",
      labelNames,
      registers,
    });
    for (const { name: collector } of collectors) this.#failures.inc({ collector }, 0);
  }

  /** Every metric of a scrape. */
  get metrics(): readonly MetricObject[] {
    return this.#metrics.registry.getMetricsAsArray();
  }

  get contentType(): string {
    return this.#metrics.registry.contentType;
  }

  /** Prometheus' text format. Never fails. */
  async text(): Promise<string> {
    await Promise.all(this.#collectors.map((collector) => this.#collect(collector)));
    return this.#metrics.registry.metrics();
  }

  async #collect({ name: collector, collect, forget }: Collector): Promise<void> {
    const startedAtMs = performance.now();
    try {
      await collect();
      this.#up.set({ collector }, 1);
    } catch {
      // The reading itself logs and counts its failure.
      forget();
      this.#up.set({ collector }, 0);
      this.#failures.inc({ collector });
    }
    this.#duration.set({ collector }, (performance.now() - startedAtMs) / 1000);
  }
}
