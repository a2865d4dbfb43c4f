/** The events that the demonstration reads from the daemon's log of JSON lines. */
export type DaemonEvent =
  | { readonly kind: "serving"; readonly httpUrl: string }
  | { readonly kind: "sending" }
  | { readonly kind: "row"; readonly id: string; readonly status: string; readonly code: string | null }
  | { readonly kind: "other" };

export function readDaemonLog(line: string): DaemonEvent {
  const entry = parse(line);
  const { msg, http, id, status, code } = entry;
  if (msg === "started" && typeof http === "string") return { kind: "serving", httpUrl: http };
  if (msg === "sending") return { kind: "sending" };
  if (typeof id === "string" && typeof status === "string") {
    return { kind: "row", id, status, code: typeof code === "string" ? code : null };
  }
  return { kind: "other" };
}

interface LogEntry {
  readonly msg?: unknown;
  readonly http?: unknown;
  readonly id?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
}

function parse(line: string): LogEntry {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
