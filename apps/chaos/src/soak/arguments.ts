import { parseArgs } from "node:util";

export type SoakCommand =
  | {
      readonly kind: "run";
      readonly seconds: number;
      readonly daySeconds: number;
      readonly instances: number;
      readonly jsonFile: string | null;
    }
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly problem: string };

/** One to warm up, and enough of others to tell a trend from noise. */
const leastDays = 4;

export const usage = `Usage: pnpm soak [--seconds S] [--day D] [--instances N] [--json FILE]

Runs instances of syncd through days of bursts, idleness and faults, each compressed into D seconds, and measures at the
end of each day what they hold: memory after a collection of garbage, files, connections, the event loop's lag. Fails
where something grows. Nothing is sent to anyone, and nothing is left behind.

  --seconds S     how long, all in all; default 1200. At least ${leastDays} days
  --day D         how long a day takes, at least 10; default 60
  --instances N   default 2
  --json FILE     also writes the report as JSON
  --help          prints this

Exit codes: 0 nothing grows, 1 something does or the run failed, 2 wrong arguments.
`;

export function readArguments(args: readonly string[]): SoakCommand {
  const given = args[0] === "--" ? args.slice(1) : [...args];
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        seconds: { type: "string", default: "1200" },
        day: { type: "string", default: "60" },
        instances: { type: "string", default: "2" },
        json: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { kind: "help" };
    const daySeconds = readNumber("day", values.day, 10, 3600);
    return {
      kind: "run",
      daySeconds,
      seconds: readNumber("seconds", values.seconds, leastDays * daySeconds, 7 * 86_400),
      instances: readNumber("instances", values.instances, 1, 20),
      jsonFile: values.json ?? null,
    };
  } catch (error) {
    return { kind: "misuse", problem: error instanceof Error ? error.message : String(error) };
  }
}

function readNumber(name: string, text: string, min: number, max: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < min || number > max)
    throw new RangeError(`--${name} is "${text}": expected a whole number from ${min} to ${max}.`);
  return number;
}
