/** Classes of SQLSTATE that speak of a row's data; all others are about the server, the schema or the privileges. */
const rowsOwnFaults = ["22", "23", "54", "P0001"];

/** The SQLSTATE of an error that lies in a row itself; null for any other error. */
export function rowsOwnFault(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error)) return null;
  const sqlState = String(error.code);
  return rowsOwnFaults.some((prefix) => sqlState.startsWith(prefix)) ? sqlState : null;
}
