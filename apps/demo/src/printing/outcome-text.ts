import type { OutboxRow } from "../rows/outbox.ts";

/** What to say about a row that is not settled yet. */
export function progressText(row: OutboxRow): string {
  if (row.retryInMs === null)
    return row.status === "sending" ? "on the wire" : "the daemon has not seen it yet";
  const seconds = (Math.max(0, row.retryInMs) / 1000).toFixed(1);
  return `${row.errorCode ?? "not sent"}: provably not sent; retried in ${seconds} s`;
}

/** What became of a row, in the database's own words if it has any. */
export function outcomeText(row: OutboxRow): string {
  switch (row.status) {
    case "sent": {
      const tries = row.attempts === 1 ? "" : `, at attempt ${row.attempts}`;
      return `accepted by Talk.me as ${row.reference ?? "(no reference)"}, ${duration(row.tookMs)} after the insert${tries}`;
    }
    case "pending":
      return "it waits, and costs nothing";
    case "expired":
      return row.error ?? "";
    case "sending":
    case "failed":
    case "unknown":
    case "cancelled":
      return `${row.errorCode ?? "no error_code"}: ${row.error ?? ""}`;
  }
}

function duration(ms: number | null): string {
  if (ms === null) return "some time";
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
