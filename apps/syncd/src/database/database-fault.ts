import { refusalText } from "@talkme/outbox/daemon";
import { DatabaseError } from "pg";

import { errorCodeOf } from "../error-code.ts";

/**
 * What a failed statement means to the pipeline.
 *
 * - `unreachable`: the server is away, shutting down, failing over, or silent. Whether the statement was
 *   committed is not known. Connect again, with all connections new.
 * - `refused`: the server is well and refused this statement, because of something in it.
 */
export type DatabaseFault = "unreachable" | "refused";

const lockNotAvailable = "55P03";

/** Classes and codes that a server sends while it is started, stopped, failed over or out of resources. */
const unreachableStates = [
  "08", // connection exception
  "53", // insufficient resources: too many connections, disk full
  "57", // operator intervention: shutdown, cannot connect now, terminated backends
  "58", // system error
  "25006", // read only: a standby where a primary was
  "40", // serialization failure, deadlock: rolled back, may be repeated
  lockNotAvailable,
  "28", // authentication: a rotated password
  "3D", // the database does not exist (yet)
];

/** Sorts an error by its SQLSTATE; an error without one comes from the connection. */
export function databaseFault(error: unknown): DatabaseFault {
  if (!(error instanceof DatabaseError)) return "unreachable";
  const state = error.code ?? "";
  return unreachableStates.some((prefix) => state.startsWith(prefix)) ? "unreachable" : "refused";
}

/** Whether the connection is not to be used again: any sign of a server that is away, but for a lock that was not to be had. */
export function spoilsConnection(error: unknown): boolean {
  const isLocked = error instanceof DatabaseError && error.code === lockNotAvailable;
  return !isLocked && databaseFault(error) === "unreachable";
}

/**
 * An error of the database for a log, a probe or a person: its code, and its message as far as that is the server's own, never its
 * detail, hint or context, which may hold data.
 */
export function describeDatabaseError(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0)
    return describeDatabaseError(error.errors[0]);
  if (!(error instanceof Error)) return { code: "unknown", message: String(error) };
  const message = error instanceof DatabaseError ? refusalText(error) : withCause(error);
  return { code: errorCodeOf(error) ?? "unknown", message };
}

/** Why a connection was given up is in the cause, where the pool gives it up. */
function withCause({ message, cause }: Error): string {
  const isNews =
    cause instanceof Error && !(cause instanceof DatabaseError) && !message.includes(cause.message);
  return isNews ? `${message}: ${cause.message}` : message;
}
