import type { Gauge } from "@prometheus-io/client";

/** Some metrics that are read when somebody scrapes, and where they are read from. */
export interface Collector {
  /** As in the label `collector` of what is told about collectors. */
  readonly name: string;
  /** Reads. Where it throws, the scrape goes on without its metrics, and the failure is counted. */
  readonly collect: () => void | Promise<void>;
  /** Its values are not known: better none than old ones. */
  readonly forget: () => void;
}

/** Leaves a gauge without samples; NaN for one without labels, which always has one. */
export function forget(...gauges: readonly (Gauge | Pick<Gauge<string>, "reset" | "labels">)[]): void {
  for (const gauge of gauges) {
    gauge.reset();
    if ("labelNames" in gauge && Array.isArray(gauge.labelNames) && gauge.labelNames.length === 0)
      gauge.labels().set(Number.NaN);
  }
}
