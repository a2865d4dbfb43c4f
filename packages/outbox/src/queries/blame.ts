/**
 * What caused an error in a statement about a single row.
 *
 * - `row`: the row itself, or a trigger or constraint that refuses it.
 * - `wait`: a lock that somebody else holds, or a trigger that takes too long: the row may be tried again.
 * - `server`: the server or the connection. Nothing is known of the row.
 */
export type Blame = "row" | "wait" | "server";

/** A busy server's own errors: locks, time-outs, deadlocks and serialization failures. */
const waits = ["40", "55P03", "57014"];

/** Errors of a server that starts, stops, fails over, runs out of resources or does not let us in. */
const troubles = ["08", "25006", "28", "3D", "53", "57", "58"];

/** Where PL/pgSQL runs RAISE. Names of routines are not translated. */
const raise = "exec_stmt_raise";

/**
 * Sorts an error by its SQLSTATE, unless somebody's code raised it: then it says nothing about the server. An error of the server's
 * kind from within a customer's function may come from elsewhere, such as a foreign server that is down: the row may be tried
 * again.
 */
export function blame(error: unknown): Blame {
  if (!isFromServer(error)) return "server";
  if (error.routine === raise) return "row";
  if (waits.some((prefix) => error.code.startsWith(prefix))) return "wait";
  if (!troubles.some((prefix) => error.code.startsWith(prefix))) return "row";
  return blamedFunction(error) === null ? "server" : "wait";
}

/** Whether the server itself said so: network errors have codes too, but no severity. */
export function isFromServer(
  error: unknown,
): error is Error & { readonly code: string; readonly routine?: string; readonly where?: string } {
  return error instanceof Error && "severity" in error && "code" in error && typeof error.code === "string";
}

/**
 * The customer's function in which an error came up, as the server's context names it: `public.customer()`. Nothing else of the
 * context, which may hold a row's contents. Null if there is none.
 */
export function blamedFunction(error: unknown): string | null {
  if (!isFromServer(error)) return null;
  // In whatever language the server speaks.
  const lines = (error.where ?? "").split("\n").filter((line) => line.includes("PL/pgSQL"));
  const names = lines.flatMap((line) => /[\w$."]+\([a-z_ ,."[\]]*\)/.exec(line) ?? []);
  return names.find((name) => !name.startsWith("talkme."))?.slice(0, 100) ?? null;
}
