import type { Measurement, Quantity } from "./measurement.ts";
import type { SoakReport } from "./run-soak.ts";

const names: Readonly<Record<Quantity, string>> = {
  heapBytes: "heap in use, MB",
  residentBytes: "resident memory, MB",
  files: "open files",
  resources: "active resources",
  connections: "connections of each",
  lagMs: "event loop lag p99, ms",
};

/** A day in a line. */
export function dayLine(day: number, measurements: readonly Measurement[]): string {
  const own = measurements.map(
    ({ heapBytes, residentBytes, files, resources, lagMs }) =>
      `${shown("heapBytes", heapBytes)}/${shown("residentBytes", residentBytes)} MB, ${files} files, ${resources} resources, ${lagMs.toFixed(1)} ms`,
  );
  return `day ${day}: ${own.join(" | ")}; ${measurements[0]?.connections ?? 0} connections of each`;
}

/** The report for people. */
export function reportLines({ days, daySeconds, trends, rows, problems }: SoakReport): readonly string[] {
  const lines = trends.map(
    ({ instance, quantity, begin, end, grows }) =>
      `  ${String(instance).padEnd(8)} ${names[quantity].padEnd(24)} ${shown(quantity, begin).padStart(8)} ${shown(quantity, end).padStart(8)}${grows ? "  GROWS" : ""}`,
  );
  const counts = Object.entries(rows).map(([status, count]) => `${count} ${status}`);
  return [
    `${days} days of ${daySeconds} s; rows: ${counts.join(", ")}`,
    `  ${"instance".padEnd(8)} ${"".padEnd(24)} ${"begin".padStart(8)} ${"end".padStart(8)}`,
    ...lines,
    problems.length === 0 ? "nothing grows" : ["what is wrong:", ...problems].join("\n  "),
  ];
}

function shown(quantity: Quantity, value: number): string {
  switch (quantity) {
    case "heapBytes":
    case "residentBytes":
      return (value / 1024 / 1024).toFixed(1);
    case "lagMs":
      return value.toFixed(1);
    case "files":
    case "resources":
    case "connections":
      return String(value);
  }
}
