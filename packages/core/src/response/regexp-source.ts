import { RE2JS } from "re2js";
import * as z from "zod";

/** A regular expression as rules use it: ignores case, and `.` is any character. */
export interface RuleRegexp {
  test(text: string): boolean;
  /** The first group, or else the whole match. */
  find(text: string): string | undefined;
}

/** Bounds one expression: the steps of its automaton, each of which may be taken for each character. */
const mostSteps = 500;

const lacks: readonly (readonly [RegExp, string])[] = [
  [
    /\(\?<?[=!]/,
    "uses lookahead or lookbehind, which linear time rules out: put a rule before this one for what must not match",
  ],
  [/\\(?:[1-9]|k<)/, "uses a backreference, which linear time rules out: write out what may repeat"],
  [/\(\?>|[*+?}]\+/, "uses an atomic group or a possessive repetition, which it does not need: leave it out"],
  [/\{\d{4,}|\{\d+,\d{4,}/, "repeats something more than 1,000 times: use * or +"],
];

/**
 * The source of a regular expression in RE2's syntax, without slashes. Takes linear time on any text, so it has neither
 * lookaround nor backreferences.
 */
export const regexpSourceSchema = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((source, context) => {
    const message = problemOf(source);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

function problemOf(source: string): string | undefined {
  // A class or an escape may contain what looks like one.
  const bare = source.replace(/\\[^\dk]|\[(?:\\.|[^\]\\])*\]/g, "x");
  const lacking = lacks.find(([pattern]) => pattern.test(bare))?.[1];
  if (lacking !== undefined) return lacking;
  let steps: number;
  try {
    steps = parse(source).programSize();
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "unknown";
    return `is not a regular expression: ${reason.replace("(?s)(?i)", "")}`;
  }
  return steps > mostSteps
    ? `takes ${steps} steps for each character, of at most ${mostSteps}: use smaller counts in its repetitions`
    : undefined;
}

/** How many steps an expression may take for each character; 0 for one that does not compile. */
export function regexpSteps(source: string): number {
  try {
    return parse(source).programSize();
  } catch {
    return 0;
  }
}

/** An expression of a user: RE2's engine, because the API chooses the text. */
export function compileLinear(source: string): RuleRegexp {
  const pattern = parse(source);
  return {
    test: (text) => pattern.test(text),
    find: (text) => {
      const matcher = pattern.matcher(text);
      if (!matcher.find()) return undefined;
      return (matcher.groupCount() > 0 ? matcher.group(1) : null) ?? matcher.group() ?? undefined;
    },
  };
}

/** An expression of our own, each of which is linear as it is written, and twenty times as fast. */
export function compileNative(source: string): RuleRegexp {
  const pattern = new RegExp(source, "is");
  return {
    test: (text) => pattern.test(text),
    find: (text) => {
      const match = pattern.exec(text);
      return match?.[1] ?? match?.[0];
    },
  };
}

/** JavaScript's spelling of escapes and names is understood. */
function parse(source: string): RE2JS {
  return RE2JS.compile(RE2JS.translateRegExp(source), RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL);
}
