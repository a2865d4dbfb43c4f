import { validateHeaderName, validateHeaderValue } from "node:http";
import { z } from "zod";

/** These frame the answer: wrong ones are `truncate`'s business, and would break every other fault. */
const framing: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "transfer-encoding",
]);

/** A header's value that node:http will send: anything else would throw in the middle of an answer. */
export const headerValue = z
  .string()
  .refine((value) => doesNotThrow(() => validateHeaderValue("x", value)), "is no valid header value");

/** Further headers of an answer, their names in lower case. */
export const headerFields = z
  .record(z.string(), headerValue)
  .check(({ value, issues }) => {
    for (const name of Object.keys(value)) {
      const problem = nameProblem(name);
      if (problem !== null) issues.push({ code: "custom", input: name, path: [name], message: problem });
    }
  })
  .transform((fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value])),
  );

function nameProblem(name: string): string | null {
  if (!doesNotThrow(() => validateHeaderName(name))) return "is no valid header name";
  return framing.has(name.toLowerCase()) ? "is a header that the simulator sets itself" : null;
}

function doesNotThrow(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
