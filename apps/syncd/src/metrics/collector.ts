import type { Gauge } from "@prometheus-io/client";

/** Metrics that are read at a scrape, and their source. */
export interface Collector {
  /** Its value of the label `collector`. */
  readonly name: string;
  /** Reads the source. If it throws, the scrape continues without its metrics, and the failure is counted. */
  readonly collect: () => void | Promise<void>;
  /** Drops its values: none is better than stale. */
  readonly forget: () => void;
}

/** Removes a gauge's samples; a gauge without labels always has one, which becomes NaN. */
export function forget(...gauges: readonly (Gauge | Pick<Gauge<string>, "reset" | "labels">)[]): void {
  for (const gauge of gauges) {
    gauge.reset();
    if ("labelNames" in gauge && Array.isArray(gauge.labelNames) && gauge.labelNames.length === 0)
      gauge.labels().set(Number.NaN);
  }
}
