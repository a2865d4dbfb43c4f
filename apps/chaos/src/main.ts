import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { anySeed, chaosCommand, readChaosArguments, type ChaosArguments } from "./arguments.ts";
import { runProgram } from "./command-line/run-program.ts";
import { failoverReportLines } from "./failover/failover-report-lines.ts";
import type { FailoverReport } from "./failover/failover-report.ts";
import { runFailover, type FailoverOptions } from "./failover/run-failover.ts";
import { reportLines } from "./printing/report-lines.ts";
import type { ChaosReport } from "./report.ts";
import { runChaos } from "./run-chaos.ts";

const command = chaosCommand();
process.exitCode = await runProgram(command, process.argv.slice(2), async (signal) => {
  const args = readChaosArguments(command);
  const { seed = anySeed(), seconds, instances, json, logs = null } = args;
  // First: an hour's work must not end without a place for its results.
  for (const folder of [logs, json === undefined ? null : dirname(json)])
    if (folder !== null) await mkdir(folder, { recursive: true });
  process.stdout.write(`chaos: seed ${seed}, ${seconds} s …\n`);
  const options = { seed, seconds, instances, logFolder: logs, signal };
  const [report, lines] = args.failover === true ? await failOver(options, args) : await storm(options);
  process.stdout.write(`${lines.join("\n")}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`);
  return report.violations.length === 0 ? 0 : 1;
});

type Options = Pick<FailoverOptions, "seed" | "seconds" | "instances" | "logFolder" | "signal">;
type Result<Report> = readonly [Report, readonly string[]];

async function storm(options: Options): Promise<Result<ChaosReport>> {
  const report = await runChaos(options);
  return [report, reportLines(report)];
}

async function failOver(
  options: Options,
  { claims = "standby", through = "hosts" }: ChaosArguments,
): Promise<Result<FailoverReport>> {
  const report = await runFailover({
    ...options,
    durability: claims,
    entrance: through,
    onDone: ({ kind, companion, fromMs, toMs, hasMoved }) => {
      const also = companion === null ? "" : `, ${companion.kind} of an instance`;
      const seconds = ((toMs - fromMs) / 1000).toFixed(1);
      process.stdout.write(`  ${kind}${also}: ${seconds} s${hasMoved ? ", another leader" : ""}\n`);
    },
  });
  return [report, failoverReportLines(report)];
}
