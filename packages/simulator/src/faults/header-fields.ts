import { validateHeaderName, validateHeaderValue } from "node:http";
import { z } from "zod";

/** These frame the answer: wrong ones would break every fault but `truncate`, which makes its own. */
const framing: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "content-type",
  "transfer-encoding",
]);

/** A value that node:http accepts: any other would throw in the middle of an answer. */
export const headerValue = z
  .string()
  .refine((value) => doesNotThrow(() => validateHeaderValue("x", value)), "is not a valid header value");

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
  if (!doesNotThrow(() => validateHeaderName(name))) return "is not a valid header name";
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
