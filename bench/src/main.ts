import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { readArguments, usage, type Command } from "./arguments.ts";
import { toMarkdown } from "./report/markdown.ts";
import { toPlot } from "./report/plot.ts";
import { runBench } from "./run-bench.ts";

const command = readArguments(process.argv.slice(2));
switch (command.kind) {
  case "help":
    process.stdout.write(usage);
    break;
  case "misuse":
    process.stderr.write(`bench: ${command.problem}\n\n${usage}`);
    process.exitCode = 2;
    break;
  case "run":
    process.exitCode = await run(command);
}

async function run({ names, folder, ...options }: Extract<Command, { kind: "run" }>): Promise<number> {
  try {
    const report = await runBench(names, { ...options, log });
    const markdown = toMarkdown(report);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "bench.md"), markdown);
    await writeFile(join(folder, "bench.json"), `${JSON.stringify(report, undefined, 2)}\n`);
    await writeFile(join(folder, "bench.svg"), toPlot(report.ratios));
    process.stdout.write(markdown);
    return 0;
  } catch (error) {
    log(`bench: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
