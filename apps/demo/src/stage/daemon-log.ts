/** The events that the demonstration reads from the daemon's log of JSON lines. */
export type DaemonEvent =
  | { readonly kind: "serving"; readonly httpUrl: string }
  | { readonly kind: "sending" }
  /** An account's circuit, or one campaign or channel of it, stops or goes on. */
  | {
      readonly kind: "stop";
      readonly text: string;
      readonly reason: string | null;
      readonly waitMs: number | null;
    }
  | { readonly kind: "other" };

/** What docs/logs.md lists about accounts. */
const stops = /^circuit (?:opened|closed): |: its rows wait$/;

export function readDaemonLog(line: string): DaemonEvent {
  const entry = parse(line);
  const { msg, http, reason, wait_ms: waitMs } = entry;
  if (msg === "started" && typeof http === "string") return { kind: "serving", httpUrl: http };
  if (msg === "sending") return { kind: "sending" };
  if (typeof msg === "string" && stops.test(msg)) {
    const text = typeof entry.lane === "string" ? `${msg} (${entry.lane})` : msg;
    return {
      kind: "stop",
      text,
      reason: typeof reason === "string" ? reason : null,
      waitMs: typeof waitMs === "number" ? waitMs : null,
    };
  }
  return { kind: "other" };
}

interface LogEntry {
  readonly msg?: unknown;
  readonly http?: unknown;
  readonly reason?: unknown;
  readonly wait_ms?: unknown;
  readonly lane?: unknown;
}

function parse(line: string): LogEntry {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
