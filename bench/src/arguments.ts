import { parseArgs } from "node:util";

import { scenarios } from "./scenarios/index.ts";
import type { Scale } from "./stage/bench-stage.ts";

export type Command =
  | {
      readonly kind: "run";
      readonly names: readonly string[];
      readonly scale: Scale;
      readonly rounds: number | null;
      readonly durable: boolean;
      readonly postgres: string | null;
      readonly folder: string;
    }
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly problem: string };

const names = scenarios.map(({ name }) => name);

export const usage = `Usage: pnpm bench [SCENARIO …] [--full] [--rounds N] [--durable] [--postgres FOLDER]
                  [--out FOLDER]

Measures the daemon beside HTTP alone and other queues on PostgreSQL, taking turns on this machine. Every figure is a
ratio of neighbours in time; what it was divided from stands beside it. Needs Linux and Debian's packages (nginx).

  SCENARIO      ${names.join(", ")};
                all of them where none is named
  --full        as much as the documentation shows, for half an hour or more; by default minutes
  --smoke       next to nothing, to show that it works
  --rounds N    how often each contender runs
  --durable     commits wait for the disk; by default they do not, because its speed varies
  --postgres FOLDER
                the programs of another PostgreSQL, such as /usr/lib/postgresql/15/bin: the embedded one is compiled for
                its size, and slower
  --out FOLDER  where bench.md, bench.json and bench.svg go; default bench-results
  --help        prints this

Exit codes: 0 all has run, whatever the figures; 1 a failure; 2 wrong arguments.
`;

export function readArguments(args: readonly string[]): Command {
  // `pnpm bench -- --full` passes the two dashes on.
  const given = args[0] === "--" ? args.slice(1) : [...args];
  try {
    const { values, positionals } = parseArgs({
      args: given,
      allowPositionals: true,
      options: {
        full: { type: "boolean", default: false },
        smoke: { type: "boolean", default: false },
        durable: { type: "boolean", default: false },
        rounds: { type: "string" },
        postgres: { type: "string" },
        out: { type: "string", default: "bench-results" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { kind: "help" };
    const stranger = positionals.find((name) => !names.includes(name));
    if (stranger !== undefined)
      throw new RangeError(`there is no scenario ${stranger}; there are ${names.join(", ")}.`);
    if (values.full && values.smoke) throw new RangeError("--full and --smoke exclude each other.");
    return {
      kind: "run",
      names: positionals.length === 0 ? names : positionals,
      scale: values.full ? "full" : values.smoke ? "smoke" : "short",
      rounds: values.rounds === undefined ? null : readRounds(values.rounds),
      durable: values.durable,
      postgres: values.postgres ?? null,
      folder: values.out,
    };
  } catch (error) {
    return { kind: "misuse", problem: error instanceof Error ? error.message : String(error) };
  }
}

function readRounds(text: string): number {
  const rounds = Number(text);
  if (!/^\d+$/.test(text) || rounds < 1 || rounds > 100) {
    throw new RangeError(`--rounds is "${text}": expected a whole number from 1 to 100.`);
  }
  return rounds;
}
