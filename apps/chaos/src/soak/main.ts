import { writeFile } from "node:fs/promises";

import { readArguments, usage, type SoakCommand } from "./arguments.ts";
import { dayLine, reportLines } from "./report-lines.ts";
import { runSoak } from "./run-soak.ts";

const command = readArguments(process.argv.slice(2));
switch (command.kind) {
  case "help":
    process.stdout.write(usage);
    break;
  case "misuse":
    process.stderr.write(`soak: ${command.problem}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case "run":
    process.exitCode = await run(command);
}

async function run({ jsonFile, ...options }: Extract<SoakCommand, { kind: "run" }>): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // A second one does nothing: the first is cleaning up, and what would be left behind are servers.
    process.on(signal, () => interruption.abort(new Error(`stopped by ${signal}`)));
  }
  try {
    const report = await runSoak({
      ...options,
      signal: interruption.signal,
      onDay: (day, measurements) => process.stdout.write(`${dayLine(day, measurements)}\n`),
    });
    process.stdout.write(`${reportLines(report).join("\n")}\n`);
    if (jsonFile !== null) await writeFile(jsonFile, `${JSON.stringify(report, undefined, 2)}\n`);
    return report.problems.length === 0 ? 0 : 1;
  } catch (cause) {
    const { aborted, reason } = interruption.signal;
    const error: unknown = aborted ? reason : cause;
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
