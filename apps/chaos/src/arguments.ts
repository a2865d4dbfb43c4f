import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

export type Command =
  | {
      readonly kind: "run";
      readonly seed: number;
      readonly seconds: number;
      readonly instances: number;
      readonly jsonFile: string | null;
      readonly logFolder: string | null;
    }
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly problem: string };

const largestSeed = 0xffff_ffff;
const leastSeconds = 20;

export const usage = `Usage: pnpm chaos [--seed N] [--seconds S] [--instances N] [--json FILE] [--logs FOLDER]

Runs several instances of syncd against a PostgreSQL and a stand-in for api.talk.me of its own, while producers
insert rows and everything goes wrong: answers, connections, processes, the database. Then compares what the table
says with what the API accepted. Nothing is sent to anyone, and nothing is left behind.

  --seed N        repeats the faults of an earlier run, in their order; by default another one each time
  --seconds S     how long everything goes wrong, at least ${leastSeconds}; default 60
  --instances N   default 3
  --json FILE     also writes the report as JSON
  --logs FOLDER   also writes the log of each process of syncd, and when what was done to them
  --help          prints this

Exit codes: 0 no violation, 1 a violation or a failure, 2 wrong arguments.
`;

export function readArguments(args: readonly string[]): Command {
  // `pnpm chaos -- --seed 1` hands the two dashes on.
  const given = args[0] === "--" ? args.slice(1) : [...args];
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        seed: { type: "string" },
        seconds: { type: "string", default: "60" },
        instances: { type: "string", default: "3" },
        json: { type: "string" },
        logs: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { kind: "help" };
    return {
      kind: "run",
      seed: values.seed === undefined ? anySeed() : readNumber("seed", values.seed, 0, largestSeed),
      seconds: readNumber("seconds", values.seconds, leastSeconds, 86_400),
      instances: readNumber("instances", values.instances, 1, 20),
      jsonFile: values.json ?? null,
      logFolder: values.logs ?? null,
    };
  } catch (error) {
    return { kind: "misuse", problem: error instanceof Error ? error.message : String(error) };
  }
}

export function anySeed(): number {
  return randomInt(largestSeed);
}

function readNumber(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max) {
    throw new RangeError(`--${name} is "${text}": expected a whole number from ${min} to ${max}.`);
  }
  return number;
}
