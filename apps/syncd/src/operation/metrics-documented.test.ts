import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { Metrics } from "./metrics.ts";

const page = readFileSync(new URL("../../../../docs/metrics.md", import.meta.url), "utf8");

function inOrder<T extends { name: string | undefined }>(all: readonly T[]): readonly T[] {
  return all.toSorted((a, b) => (a.name ?? "").localeCompare(b.name ?? ""));
}

test("every metric is documented with its type and labels, and no other", () => {
  const metrics = new Metrics();
  const sources = {
    table: async () => null,
    inFlight: () => 0,
    settleBacklog: () => 0,
    circuits: () => new Map(),
    listening: () => false,
  };
  metrics.collectFrom(sources, [], "0.0.0");

  const rows = page.matchAll(/^\| `(talkme_\w+)` +\| (gauge|counter|histogram) +\| ([^|]*?) *\|/gm);
  const documented = [...rows].map(([, name, type, labels = ""]) => ({
    name,
    type,
    labels: [...labels.matchAll(/\w+/g)].map(([label]) => label),
  }));

  const existing = metrics.registry.getMetricsAsArray().map((metric) => ({
    name: metric.name,
    type: metric.type,
    labels: "labelNames" in metric ? metric.labelNames : [],
  }));
  expect(inOrder(documented)).toEqual(inOrder(existing));
});
