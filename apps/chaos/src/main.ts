import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { anySeed, chaosCommand, type ChaosArguments } from "./arguments.ts";
import { runProgram } from "./command-line/run-program.ts";
import { reportLines } from "./printing/report-lines.ts";
import { runChaos } from "./run-chaos.ts";

const command = chaosCommand();
process.exitCode = await runProgram(command, process.argv.slice(2), async (signal) => {
  const { seed = anySeed(), seconds, instances, json, logs = null } = command.opts<ChaosArguments>();
  // First: an hour's work must not end without a place for its results.
  for (const folder of [logs, json === undefined ? null : dirname(json)])
    if (folder !== null) await mkdir(folder, { recursive: true });
  process.stdout.write(`chaos: seed ${seed}, ${seconds} s …\n`);
  const report = await runChaos({ seed, seconds, instances, logFolder: logs, signal });
  process.stdout.write(`${reportLines(report).join("\n")}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`);
  return report.violations.length === 0 ? 0 : 1;
});
