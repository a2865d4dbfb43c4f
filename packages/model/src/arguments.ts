import { parseArgs } from "node:util";

import { designNames, isDesign, type DesignName } from "./designs.ts";
import { isProtection, protectionNames, type Protection } from "./protections/protections.ts";
import { mutations as inDesigns } from "./protections/mutations.ts";

export interface ModelArguments {
  readonly designs: readonly DesignName[];
  readonly without: readonly Protection[];
  /** Null: as many as each design says. */
  readonly faults: number | null;
  readonly mutations: boolean;
  /** Of the mutations, only the table of docs/model.md. */
  readonly table: boolean;
  readonly help: boolean;
}

/** Something on the command line that cannot be meant. */
export class WrongUsageError extends Error {
  override readonly name = "WrongUsageError";
}

export const usage = `pnpm model: explores the model of docs/model.md

  --design NAME    only this one; may be repeated: ${designNames.map((name) => `"${name}"`).join(", ")}
  --without NAME   takes a protection out; may be repeated: ${protectionNames.join(", ")}
  --faults N       at most so many faults, 0 to 6; each more takes about ten times as long
  --mutations      takes out each protection by itself, and shows the shortest violation
  --table          the same as the table of docs/model.md
`;

/** @throws {WrongUsageError} */
export function parseArguments(args: readonly string[]): ModelArguments {
  const values = parsed(args);
  const without = (values.without ?? []).map((name) => {
    if (!isProtection(name)) throw unknown("protection", name, protectionNames);
    return name;
  });
  const named = (values.design ?? []).map((name) => {
    if (!isDesign(name)) throw unknown("design", name, designNames);
    return name;
  });
  const shown: readonly DesignName[] = without.map((name) => inDesigns[name].design);
  const all = named.length > 0 ? named : shown.length > 0 ? [...new Set(shown)] : designNames;
  const { mutations = false, table = false, help = false } = values;
  return { designs: all, without, faults: faultsOf(values.faults), mutations, table, help };
}

function unknown(what: string, name: string, known: readonly string[]): WrongUsageError {
  return new WrongUsageError(`There is no ${what} "${name}". There are: ${known.join("; ")}.`);
}

function faultsOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[0-6]$/.test(text)) throw new WrongUsageError("--faults expects a whole number from 0 to 6.");
  return Number(text);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      // `pnpm model -- --mutations` passes the two dashes on.
      args: args[0] === "--" ? args.slice(1) : [...args],
      options: {
        design: { type: "string", multiple: true },
        without: { type: "string", multiple: true },
        faults: { type: "string" },
        mutations: { type: "boolean" },
        table: { type: "boolean" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (cause) {
    throw new WrongUsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
