import type { Status } from "@talkme/outbox";

import type { OutboxRow } from "../rows/outbox.ts";
import type { Sample } from "../rows/sample.ts";

/** Everything known about one sample at the end. */
export interface Evidence {
  readonly sample: Sample;
  /** The table's row; null if it is absent. */
  readonly row: Pick<OutboxRow, "status" | "attempts" | "reference" | "errorCode"> | null;
  /** How many requests the API got for its number. */
  readonly requests: number;
  /** The references of the API's accepted messages to its number, which a person would have got. */
  readonly accepted: readonly string[];
}

/** Totals, to find anything beside the samples. */
export interface Totals {
  readonly rows: number;
  readonly accepted: number;
}

/**
 * Compares the table with the API's ledger, and both with what was expected.
 *
 * @returns A sentence for each difference.
 */
export function audit(evidence: readonly Evidence[], totals: Totals): readonly string[] {
  const problems = evidence.flatMap((item) =>
    auditRow(item).map((problem) => `${item.sample.title}: ${problem}`),
  );
  const rows = evidence.filter(({ row }) => row !== null).length;
  if (totals.rows !== rows) problems.push(`the table has ${totals.rows} rows; ${rows} of them are known`);
  const accepted = evidence.reduce((sum, item) => sum + item.accepted.length, 0);
  if (totals.accepted !== accepted) {
    problems.push(
      `the ledger has ${totals.accepted} messages; ${accepted} of them are to the samples' numbers`,
    );
  }
  return problems;
}

function auditRow({ sample: { expected }, row, requests, accepted }: Evidence): readonly string[] {
  if (row === null) return ["the row is not in the table"];
  const owed = copiesOwed(row.status);
  return [
    ...difference("status", row.status, expected.status),
    ...difference("attempts", row.attempts, expected.attempts),
    ...difference("error_code", row.errorCode, expected.errorCode),
    ...difference("requests that the API got", requests, expected.requests),
    ...difference(`copies that the API accepted of a row that is ${row.status}`, accepted.length, owed),
    ...(row.status === "sent" && accepted[0] !== undefined
      ? difference("reference", row.reference, accepted[0])
      : []),
  ];
}

/** How many messages the ledger must have for a row in this state. */
function copiesOwed(status: Status): 0 | 1 {
  switch (status) {
    case "sent":
      return 1;
    case "unknown":
      // In the demonstration the answer is lost after the message was accepted.
      return 1;
    case "pending":
    case "sending":
    case "failed":
    case "expired":
    case "cancelled":
      return 0;
  }
}

function difference(
  what: string,
  found: number | string | null,
  expected: number | string | null,
): readonly string[] {
  return found === expected ? [] : [`${what}: ${found ?? "none"}, expected ${expected ?? "none"}`];
}
