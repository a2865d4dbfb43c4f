import { expect, test } from "vitest";

import { rowsOfDay } from "../src/soak/day.ts";
import { runSoak } from "../src/soak/run-soak.ts";

test("instances survive days of bursts and faults, finish every row, and are measured at the end of each day", async () => {
  const days: number[] = [];
  const report = await runSoak({
    seconds: 20,
    daySeconds: 10,
    instances: 1,
    onDay: (day) => days.push(day),
    signal: new AbortController().signal,
  });

  expect(days).toEqual([1, 2]);
  expect(report.exitCodes).toEqual([0]);
  expect(report.problems).toEqual([]);
  expect(report.rows["sent"]).toBeGreaterThan(rowsOfDay(10));
  expect(report.rows).not.toHaveProperty("pending");
  expect(report.rows).not.toHaveProperty("sending");
  for (const measurement of report.measurements.flat()) {
    expect(measurement.heapBytes).toBeGreaterThan(5 * 1024 * 1024);
    expect(measurement.residentBytes).toBeGreaterThan(measurement.heapBytes);
    expect(measurement.files).toBeGreaterThan(10);
    expect(measurement.resources).toBeGreaterThan(0);
    expect(measurement.connections).toBeGreaterThan(2);
    expect(measurement.lagMs).toBeGreaterThanOrEqual(0);
  }
});
