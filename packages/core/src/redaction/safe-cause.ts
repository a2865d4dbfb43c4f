const deepestCause = 4;
const mostErrors = 4;

/**
 * Reduces an error to what anybody may see: its name, code and message, redacted, and likewise its causes and the members
 * of an `AggregateError`. The original is dropped, because transport errors contain sockets, options, response bytes and
 * URLs, and the URL contains the token.
 */
export function safeCause(error: unknown, redactText: (text: string) => string, depth = 0): Error {
  if (!(error instanceof Error)) return new Error(redactText(describe(error)));
  const safe: Error & { code?: string; errors?: Error[] } = new Error(redactText(error.message));
  safe.name = redactText(error.name);
  // The original's frames belong to the transport and help nobody.
  safe.stack = `${safe.name}: ${safe.message}`;
  if ("code" in error && typeof error.code === "string") safe.code = redactText(error.code);
  if (depth >= deepestCause) return safe;
  if (error instanceof AggregateError) {
    safe.errors = error.errors.slice(0, mostErrors).map((one) => safeCause(one, redactText, depth + 1));
  }
  if (error.cause !== undefined && error.cause !== null) {
    safe.cause = safeCause(error.cause, redactText, depth + 1);
  }
  return safe;
}

function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : `a ${typeof thrown} was thrown`;
}
