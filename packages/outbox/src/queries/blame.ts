/**
 * Who is to blame for an error while a single row was on trial.
 *
 * - `row`: the row itself, or a trigger or constraint that refuses it.
 * - `wait`: a lock that somebody else holds, or a trigger that takes too long: the row may be tried again.
 * - `server`: the server or the connection. Nothing is known of the row.
 */
export type Blame = "row" | "wait" | "server";

/** What a server says while it serves others: locks, time-outs, deadlocks and serialization failures. */
const waits = ["40", "55P03", "57014"];

/** What a server says that is started, stopped, failed over or out of resources, or does not let us in. */
const troubles = ["08", "25006", "28", "3D", "53", "57", "58"];

/** Where PL/pgSQL's RAISE is carried out. Names of routines are not translated. */
const raise = "exec_stmt_raise";

/**
 * Sorts an error by its SQLSTATE, unless somebody's code raised it: then that says nothing of the server. What sounds like
 * the server and came up in a customer's function may be theirs, as of a foreign server that is down, or not: it may be tried
 * again.
 */
export function blame(error: unknown): Blame {
  if (!isFromServer(error)) return "server";
  if (error.routine === raise) return "row";
  if (waits.some((prefix) => error.code.startsWith(prefix))) return "wait";
  if (!troubles.some((prefix) => error.code.startsWith(prefix))) return "row";
  return blamedFunction(error) === null ? "server" : "wait";
}

/** Whether the server has said so itself: errors of the network have codes too, but no severity. */
export function isFromServer(
  error: unknown,
): error is Error & { readonly code: string; readonly routine?: string; readonly where?: string } {
  return error instanceof Error && "severity" in error && "code" in error && typeof error.code === "string";
}

/**
 * The function of a customer's in which an error came up, as the server's context names it: `public.customer()`. Nothing else
 * of the context, which may hold a row's contents. Null where there is none.
 */
export function blamedFunction(error: unknown): string | null {
  if (!isFromServer(error)) return null;
  // In whatever language the server speaks.
  const lines = (error.where ?? "").split("\n").filter((line) => line.includes("PL/pgSQL"));
  const names = lines.flatMap((line) => /[\w$."]+\([a-z_ ,."[\]]*\)/.exec(line) ?? []);
  return names.find((name) => !name.startsWith("talkme."))?.slice(0, 100) ?? null;
}
