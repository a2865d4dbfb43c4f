import { allCollectors } from "../src/metrics/all-collectors.ts";
import { Exposition } from "../src/metrics/exposition.ts";
import { Metrics } from "../src/metrics/metrics.ts";

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
    tables: nothing,
    snapshot: nothing,
    instances: nothing,
    pipeline: {
      inFlight: () => 0,
      concurrency: () => 0,
      settleBacklog: () => 0,
      settleOldestMs: () => 0,
      rates: () => new Map(),
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

const begin = "<!-- made of the code by: pnpm docs:metrics -->";
const end = "<!-- end of what is made -->";

/**
 * The page with its table as the code has it.
 *
 * @throws Error where the page has no place for it.
 */
export function withMetricsTable(page: string, metrics: readonly DocumentedMetric[]): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from === -1 || to < from) throw new Error(`The page has no ${begin} and ${end}.`);
  return `${page.slice(0, from)}${begin}\n\n${table(metrics)}\n\n${page.slice(to)}`;
}

/** As the formatter would have it, so that it finds nothing to change. */
function table(metrics: readonly DocumentedMetric[]): string {
  const rows = [
    ["metric", "type", "labels", "meaning"],
    ...metrics.map(({ name, type, labels, help }) => [
      `\`${name}\``,
      type,
      labels.map((label) => `\`${label}\``).join(", "),
      help.replaceAll(/\b[A-Za-z]+_\w+\b/g, (word) => `\`${word}\``),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const [head = [], ...body] = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)));
  return [head, widths.map((width) => "-".repeat(width)), ...body].map(line).join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

async function nothing(): Promise<never> {
  throw new Error("Nothing is read here.");
}
