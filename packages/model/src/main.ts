import { parseArguments, usage, WrongUsageError, type ModelArguments } from "./arguments.ts";
import { mutationTable } from "./printing/mutation-table.ts";
import { invariantLines, reportDesign, reportMutation, type Report } from "./printing/report-lines.ts";
import { protectionNames } from "./protections/protections.ts";

/** Prints each report when it is there, and says at the end whether all came out as expected. */
function run({ designs, without, faults, mutations, table, help }: ModelArguments): number {
  if (help) {
    process.stdout.write(usage);
    return 0;
  }
  if (table) {
    print(mutationTable());
    return 0;
  }
  print(invariantLines());
  const reports = mutations
    ? protectionNames.map((name) => printed(reportMutation(name)))
    : designs.map((name) => printed(reportDesign(name, faults, without)));
  const isAsExpected = reports.every((each) => each);
  print([isAsExpected ? "all as expected" : "NOT as expected"]);
  return isAsExpected ? 0 : 1;
}

function printed({ lines, isAsExpected }: Report): boolean {
  print(lines);
  return isAsExpected;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

try {
  process.exitCode = run(parseArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof WrongUsageError)) throw error;
  process.stderr.write(`model: ${error.message}\n`);
  process.exitCode = 2;
}
