import { parseArgs } from "node:util";

export type Command =
  | { readonly kind: "run"; readonly serve: boolean }
  | { readonly kind: "help" }
  | { readonly kind: "misuse"; readonly problem: string };

export const usage = `Usage: pnpm demo [--serve] [--help]

Starts PostgreSQL, a stand-in for api.talk.me and the daemon syncd on this machine, inserts sample rows by
SQL, and shows what becomes of each kind of row. Nothing is sent to anyone, and nothing is left behind.

  --serve   keep everything running afterwards, to try your own inserts; Ctrl-C stops it
  --help    print this

Exit codes: 0 every row became what it should, 1 it did not or something failed, 2 wrong arguments.
`;

export function readArguments(args: readonly string[]): Command {
  // `pnpm demo -- --serve` hands the two dashes on.
  const given = args[0] === "--" ? args.slice(1) : [...args];
  try {
    const { values } = parseArgs({
      args: given,
      options: {
        serve: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values.help ? { kind: "help" } : { kind: "run", serve: values.serve };
  } catch (error) {
    return { kind: "misuse", problem: error instanceof Error ? error.message : String(error) };
  }
}
