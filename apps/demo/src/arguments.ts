import { Command } from "commander";

/** The arguments of `pnpm demo`. */
export interface DemoArguments {
  readonly serve?: true;
}

const description =
  "Starts PostgreSQL, a stand-in for api.talk.me and the daemon syncd on this machine, inserts sample " +
  "rows by SQL, and shows what becomes of each kind of row. Nothing is sent to anyone, and nothing is " +
  "left behind.";

/** Wrong arguments end the process with 2. */
export function demoCommand(): Command {
  return new Command("demo")
    .description(description)
    .option(
      "--serve",
      "keep everything running afterwards, with a prompt for your own inserts; Ctrl-C stops it",
    )
    .addHelpText(
      "after",
      "\nExit codes: 0 every row became what it should, 1 it did not or something failed, 2 wrong arguments.",
    )
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));
}
