import { stringLiterals, type SqlCall } from "./sql-calls.ts";

/** The phrases that a call asks for, and the parameters that it gives them, as SQL. */
export interface AskedPhrases {
  /** `family.` stands for all keys that begin so. */
  readonly keys: readonly string[];
  readonly given: string;
}

/** Where a function that speaks has its arguments: the key, another key that takes its place, a hint's key, and the parameters. */
interface Speaker {
  readonly given: number;
  readonly instead?: { readonly at: number; readonly name: string };
  readonly hint?: { readonly at: number; readonly name: string } | "always";
}

const speakers: Readonly<Record<string, Speaker>> = {
  say: { given: 1 },
  problem_of: { given: 2, instead: { at: 3, name: "phrase" }, hint: "always" },
  refuse_as: { given: 1, instead: { at: 3, name: "complaint" }, hint: { at: 4, name: "remedy" } },
  refuse_capture: { given: 2, instead: { at: 3, name: "complaint" }, hint: { at: 4, name: "remedy" } },
};

/** The functions that put phrases of the catalogue into words. */
export const speaking = Object.keys(speakers);

/** The phrases that a call of one of these functions asks for by literals. */
export function askedPhrases({ name, args }: SqlCall): AskedPhrases {
  const speaker = speakers[name];
  if (speaker === undefined) throw new Error(`${name} puts no phrases into words.`);
  const { given, instead, hint } = speaker;
  const other = instead === undefined ? "" : argument(args, instead);
  // A case without else leaves the first key in its place where it finds nothing.
  const bases = [...(isComplete(other) ? [] : keysIn(args[0] ?? "")), ...keysIn(other)];
  const hintKey = typeof hint === "object" ? argument(args, hint) : "";
  const usualHints = hint === undefined || isComplete(hintKey) ? [] : bases.map((key) => `${key}.hint`);
  return { keys: [...bases, ...usualHints, ...keysIn(hintKey)], given: positional(args[given] ?? "") };
}

function argument(
  args: readonly string[],
  { at, name }: { readonly at: number; readonly name: string },
): string {
  const named = args.find((one) => one.startsWith(`${name} =>`));
  return named?.slice(name.length + 3).trim() ?? positional(args[at] ?? "");
}

function positional(arg: string): string {
  return /^\w+ =>/.test(arg) ? "" : arg;
}

function isComplete(arg: string): boolean {
  return arg !== "" && (!/\bcase\b/.test(arg) || /\belse\b/.test(arg));
}

function keysIn(arg: string): readonly string[] {
  const literals = stringLiterals(arg.replaceAll(/\bwhen\b.*?\bthen\b/gs, ""));
  // What is added to a key that a parameter brings.
  return literals.filter((one) => !one.startsWith("."));
}
