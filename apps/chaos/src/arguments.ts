import { randomInt } from "node:crypto";

import { Command, Option } from "commander";

import { wholeNumber } from "./command-line/whole-number.ts";

/** The arguments of `pnpm chaos`. */
export interface ChaosArguments {
  /** By default random: {@link anySeed}. */
  readonly seed?: number;
  readonly seconds: number;
  readonly instances: number;
  readonly json?: string;
  readonly logs?: string;
  readonly failover?: true;
  /** @default standby */
  readonly claims?: "standby" | "local";
  /** @default hosts */
  readonly through?: "hosts" | "pgbouncer";
}

const largestSeed = 0xffff_ffff;
const leastSeconds = 20;

const description =
  "Runs several instances of syncd against a PostgreSQL and a stand-in for api.talk.me of its own, " +
  "while producers insert rows and everything goes wrong: answers, connections, processes, the " +
  "database. Then compares what the table says with what the API accepted. Nothing is sent to anyone, " +
  "and nothing is left behind.";

export function chaosCommand(): Command {
  return new Command("chaos")
    .description(description)
    .option(
      "--seed <number>",
      "repeats the faults of an earlier run in order; random by default",
      wholeNumber(0, largestSeed),
    )
    .option(
      "--seconds <number>",
      `how long faults go on, at least ${leastSeconds}`,
      wholeNumber(leastSeconds, 86_400),
      60,
    )
    .option("--instances <number>", "how many", wholeNumber(1, 20), 3)
    .option("--json <file>", "also writes the report as JSON")
    .option("--logs <folder>", "also writes the log of each process of syncd, and a list of the disturbances")
    .option(
      "--failover",
      "instead: a cluster of three servers under Patroni, from Debian's packages, whose leader is killed, frozen, cut off and switched over",
    )
    .addOption(
      new Option(
        "--claims <durability>",
        "with --failover: TALKME_CLAIM_DURABILITY, standby by default; local replicates asynchronously",
      ).choices(["standby", "local"]),
    )
    .addOption(
      new Option(
        "--through <entrance>",
        "with --failover: how syncd finds the leader, hosts by default",
      ).choices(["hosts", "pgbouncer"]),
    )
    .addHelpText("after", "\nExit codes: 0 no violation, 1 a violation or a failure, 2 wrong arguments.");
}

/** @throws {CommanderError} if an option is given that means nothing without another. */
export function readChaosArguments(command: Command): ChaosArguments {
  const args = command.opts<ChaosArguments>();
  if (args.failover === undefined && (args.claims ?? args.through) !== undefined)
    command.error("error: --claims and --through belong to --failover");
  return args;
}

export function anySeed(): number {
  return randomInt(largestSeed);
}
