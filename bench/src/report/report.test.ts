import { expect, test } from "vitest";

import type { Ratio } from "../measure/ratio.ts";
import { describeMachine } from "./machine.ts";
import { toMarkdown } from "./markdown.ts";
import { toPlot } from "./plot.ts";

const ratio: Ratio = {
  name: "drain",
  how: "so many rows",
  of: { label: "syncd", unit: "messages/s", values: [5000, 6000] },
  over: { label: "undici alone", unit: "messages/s", values: [10_000, 10_000] },
  goal: { kind: "at least", limit: 0.6, aim: 0.75 },
};

test("every ratio stands beside the figures that it was divided from, and the machine", () => {
  const text = toMarkdown({
    startedAt: "2026-11-25T00:00:00Z",
    scale: "short",
    rounds: 2,
    machine: describeMachine(),
    postgres: { version: "18.4", settings: { fsync: "off" } },
    loadAfter: 1,
    ratios: [ratio],
    tables: [
      { name: "recovery", how: "after a kill", columns: ["queue", "lost"], rows: [["syncd", "0, 0"]] },
    ],
  });
  expect(text).toContain("| drain | **0.550** (0.500 – 0.600) | at least 0.6, aim 0.75 | missed |");
  expect(text).toContain("syncd: 5000, 6000 messages/s | undici alone: 10000, 10000 messages/s");
  expect(text).toContain("`fsync=off`");
  expect(text).toContain("| queue | lost |\n| --- | --- |\n| syncd | 0, 0 |");
});

test("the plot shows what has a goal", () => {
  const plot = toPlot([ratio, { ...ratio, name: "another", goal: null }]);
  expect(plot).toContain(">drain</text>");
  expect(plot).not.toContain("another");
});
