import * as z from "zod";

/**
 * The source of a regular expression: what stands between the slashes. Matching is case-insensitive. A source
 * that does not compile is refused, and so is a repetition inside a repetition, such as `(a+)+`, which can
 * take for ever on a short text.
 */
export const regexpSourceSchema = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((source, context) => {
    try {
      compileRegexp(source);
    } catch (error) {
      context.addIssue({
        code: "custom",
        message: `is not a regular expression: ${error instanceof Error ? error.message : "unknown"}`,
      });
      return;
    }
    if (repeatsARepetition(source)) {
      context.addIssue({
        code: "custom",
        message:
          "repeats a group that repeats something itself, which can take for ever: write it without nesting",
      });
    }
  });

/** A regular expression as rules use it. */
export function compileRegexp(source: string): RegExp {
  return new RegExp(source, "is");
}

/** Whether an unbounded repetition stands inside a group that is itself repeated more than once. */
function repeatsARepetition(source: string): boolean {
  const groups: boolean[] = [false];
  const tokens = source.matchAll(
    /\\.|\[(?:\\.|[^\]\\])*\]|\(\?<?[:=!]?|[()]|[*+]|\{\d+(?:,\d*)?\}|[^\\[\]()*+{}]+|./gs,
  );
  let closed = false;
  for (const [token] of tokens) {
    const repeats = token === "*" || token === "+" || /^\{\d+,\}$/.test(token);
    if (closed && (repeats || /^\{\d/.test(token))) return true;
    closed = false;
    if (token.startsWith("(")) {
      groups.push(false);
    } else if (token === ")") {
      const inner = groups.pop() ?? false;
      closed = inner;
      if (inner) groups[groups.length - 1] = true;
    } else if (repeats) {
      groups[groups.length - 1] = true;
    }
  }
  return false;
}
