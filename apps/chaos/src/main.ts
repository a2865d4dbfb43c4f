import { writeFile } from "node:fs/promises";

import { readArguments, usage, type Command } from "./arguments.ts";
import { reportLines } from "./printing/report-lines.ts";
import { runChaos } from "./run-chaos.ts";

const command = readArguments(process.argv.slice(2));
switch (command.kind) {
  case "help":
    process.stdout.write(usage);
    break;
  case "misuse":
    process.stderr.write(`chaos: ${command.problem}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case "run":
    process.exitCode = await run(command);
}

async function run({ jsonFile, ...options }: Extract<Command, { kind: "run" }>): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // A second one does nothing: the first is cleaning up, and what would be left behind are servers.
    process.on(signal, () => {
      process.stderr.write("chaos: stopping; what has begun takes up to 20 s to end …\n");
      interruption.abort(new Error(`stopped by ${signal}`));
    });
  }
  process.stdout.write(`chaos: seed ${options.seed}, ${options.seconds} s …\n`);
  try {
    const report = await runChaos({ ...options, signal: interruption.signal });
    process.stdout.write(`${reportLines(report).join("\n")}\n`);
    if (jsonFile !== null) await writeFile(jsonFile, `${JSON.stringify(report, undefined, 2)}\n`);
    return report.violations.length === 0 ? 0 : 1;
  } catch (cause) {
    const { aborted, reason } = interruption.signal;
    const error: unknown = aborted ? reason : cause;
    process.stderr.write(`chaos: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
