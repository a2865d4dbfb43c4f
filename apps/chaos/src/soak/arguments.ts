import { Command } from "commander";

import { wholeNumber } from "../command-line/whole-number.ts";

/** The arguments of `pnpm soak`. */
export interface SoakArguments {
  readonly seconds: number;
  readonly day: number;
  readonly instances: number;
  readonly json?: string;
}

/** One to warm up, and enough others to distinguish a trend from noise. */
export const leastDays = 4;

const description =
  "Runs instances of syncd through days of bursts, idleness and faults, each compressed into some " +
  "seconds, and measures at the end of each day what they hold: memory after a collection of garbage, " +
  "files, connections, the event loop's lag. Fails where something grows. Nothing is sent to anyone, " +
  "and nothing is left behind.";

export function soakCommand(): Command {
  return new Command("soak")
    .description(description)
    .option(
      "--seconds <number>",
      `how long all days last together, at least ${leastDays} of them; finishing each day's rows takes more`,
      wholeNumber(1, 7 * 86_400),
      1200,
    )
    .option("--day <number>", "how many seconds a day takes, at least 10", wholeNumber(10, 3600), 60)
    .option("--instances <number>", "how many", wholeNumber(1, 20), 2)
    .option("--json <file>", "also writes the report as JSON")
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing grows, 1 something does or the run failed, 2 wrong arguments.",
    );
}
