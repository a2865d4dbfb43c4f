import { refusalText } from "@talkme/outbox/daemon";
import { DatabaseError } from "pg";

import { errorCodeOf } from "../error-code.ts";

/**
 * What a failed statement means to the turn loop.
 *
 * - `unreachable`: the server is down, shutting down, failing over, or silent. The statement may or may not
 *   have been committed. Reconnect, with all connections new.
 * - `refused`: the server is healthy and refused this statement because of its contents.
 */
export type DatabaseFault = "unreachable" | "refused";

const lockNotAvailable = "55P03";
const readOnly = "25006";

/** Classes and codes that a server sends while it starts, stops, fails over or runs out of resources. */
const unreachableStates = [
  "08", // connection exception
  "53", // insufficient resources: too many connections, disk full
  "57", // operator intervention: shutdown, cannot connect now, terminated backends
  "58", // system error
  readOnly, // a standby where a primary was
  "40", // serialization failure, deadlock: rolled back, can be repeated
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

/** Whether the server takes no writes: a primary that was demoted, whose sessions may go on reading. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === readOnly;
}

/** Whether to discard the connection: after any `unreachable` fault except a lock that was not available. */
export function spoilsConnection(error: unknown): boolean {
  const isLocked = error instanceof DatabaseError && error.code === lockNotAvailable;
  return !isLocked && databaseFault(error) === "unreachable";
}

/**
 * A database error for a log, a probe or a person: its code, and the server's own part of its message. Leaves out
 * detail, hint and context, which may contain data.
 */
export function describeDatabaseError(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0)
    return describeDatabaseError(error.errors[0]);
  if (!(error instanceof Error)) return { code: "unknown", message: String(error) };
  const message = error instanceof DatabaseError ? refusalText(error) : withCause(error);
  return { code: errorCodeOf(error) ?? "unknown", message };
}

/** The pool puts the reason for closing a connection into the cause. */
function withCause({ message, cause }: Error): string {
  const isNews =
    cause instanceof Error && !(cause instanceof DatabaseError) && !message.includes(cause.message);
  return isNews ? `${message}: ${cause.message}` : message;
}
