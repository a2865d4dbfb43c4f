import { writeFile } from "node:fs/promises";

import { runProgram } from "../command-line/run-program.ts";
import { leastDays, soakCommand, type SoakArguments } from "./arguments.ts";
import { dayLine, reportLines } from "./report-lines.ts";
import { runSoak } from "./run-soak.ts";

const command = soakCommand();
process.exitCode = await runProgram(command, process.argv.slice(2), async (signal) => {
  const { seconds, day: daySeconds, instances, json } = command.opts<SoakArguments>();
  if (seconds < leastDays * daySeconds)
    command.error(`error: --seconds is ${seconds}, and ${leastDays} days take ${leastDays * daySeconds}.`);
  const report = await runSoak({
    seconds,
    daySeconds,
    instances,
    signal,
    onDay: (day, measurements) => process.stdout.write(`${dayLine(day, measurements)}\n`),
  });
  process.stdout.write(`${reportLines(report).join("\n")}\n`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`);
  return report.problems.length === 0 ? 0 : 1;
});
