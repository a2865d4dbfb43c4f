import { loadavg } from "node:os";

import type { Ratio } from "./measure/ratio.ts";
import { describeMachine } from "./report/machine.ts";
import type { Report } from "./report/report.ts";
import type { Table } from "./report/table.ts";
import { scenarios } from "./scenarios/index.ts";
import { Bench, type BenchOptions } from "./stage/bench-stage.ts";
import { settingsFor, withClient } from "./stage/postgres.ts";

/** Runs scenarios one after another, each with its own databases. @throws the error of a scenario. */
export async function runBench(names: readonly string[], options: BenchOptions): Promise<Report> {
  const startedAt = new Date().toISOString();
  const machine = describeMachine();
  const bench = await Bench.open(options);
  const interrupt = (): void => void bench.close().finally(() => process.exit(1));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  try {
    const ratios: Ratio[] = [];
    const tables: Table[] = [];
    for (const scenario of scenarios.filter(({ name }) => names.includes(name))) {
      options.log(`${scenario.name}: ${scenario.question}`);
      for (const finding of await scenario.run(bench)) {
        if ("rows" in finding) tables.push(finding);
        else ratios.push(finding);
      }
      await bench.dropTemplates();
    }
    const { rows } = await withClient(bench.serverUrl, async (client) =>
      client.query<{ server_version: string }>("show server_version"),
    );
    return {
      startedAt,
      scale: options.scale,
      rounds: bench.rounds,
      machine,
      postgres: { version: rows[0]?.server_version ?? "unknown", settings: settingsFor(options.durable) },
      loadAfter: loadavg()[0] ?? 0,
      ratios,
      tables,
    };
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupt);
    await bench.close();
  }
}
