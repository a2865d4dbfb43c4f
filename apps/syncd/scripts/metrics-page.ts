import { allCollectors } from "../src/metrics/all-collectors.ts";
import { Exposition } from "../src/metrics/exposition.ts";
import { Metrics } from "../src/metrics/metrics.ts";
import { markdownTable, withMadePart } from "./made-part.ts";

export interface DocumentedMetric {
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[];
  readonly help: string;
}

/** Every metric that the daemon has, from the code itself. */
export function everyMetric(): readonly DocumentedMetric[] {
  const metrics = new Metrics();
  const collectors = allCollectors(metrics.registry, {
    outbox: nothing,
    campaigns: nothing,
    tables: nothing,
    snapshot: nothing,
    instances: nothing,
    history: nothing,
    pipeline: {
      inFlight: () => 0,
      concurrency: () => 0,
      settleBacklog: () => 0,
      settleOldestMs: () => 0,
      rates: () => new Map(),
      waitsForStandby: () => false,
    },
    circuits: () => new Map(),
    listener: () => ({ wanted: false, listening: false }),
    pools: () => new Map(),
  });
  return new Exposition(metrics, collectors).metrics.map((metric) => ({
    name: metric.name,
    type: metric.type,
    help: metric.help,
    labels: "labelNames" in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [],
  }));
}

/** The page with its table as the code has it. */
export function withMetricsTable(page: string, metrics: readonly DocumentedMetric[]): string {
  const rows = metrics.map(({ name, type, labels, help }) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(", "),
    help.replaceAll(/\b[A-Za-z]+_\w+\b/g, (word) => `\`${word}\``),
  ]);
  return withMadePart(
    page,
    "pnpm docs:metrics",
    markdownTable([["metric", "type", "labels", "meaning"], ...rows]),
  );
}

async function nothing(): Promise<never> {
  throw new Error("Nothing is read here.");
}
