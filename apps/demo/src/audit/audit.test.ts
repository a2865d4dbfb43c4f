import type { Status } from "@talkme/outbox";
import { describe, expect, test } from "vitest";

import { audit, type Evidence } from "./audit.ts";

function evidence(status: Status, changes: Partial<Evidence> = {}): Evidence {
  const isAccepted = status === "sent" || status === "unknown";
  const errorCode = status === "sent" || status === "pending" ? null : "code";
  return {
    sample: {
      title: `a row that is ${status}`,
      story: "",
      sql: "",
      numeroDest: "11988887777",
      expected: { status, attempts: 1, errorCode, requests: 1 },
    },
    row: { status, attempts: 1, reference: status === "sent" ? "100" : null, errorCode },
    requests: 1,
    accepted: isAccepted ? ["100"] : [],
    ...changes,
  };
}

function auditOne(item: Evidence): readonly string[] {
  return audit([item], { rows: item.row === null ? 0 : 1, accepted: item.accepted.length });
}

test.for(["pending", "sent", "failed", "unknown", "expired", "cancelled"] as const)(
  "a row that is %s, as expected, and the ledger agrees: no problem",
  (status) => {
    expect(auditOne(evidence(status))).toEqual([]);
  },
);

describe("the audit fails where", () => {
  test("a sent row is missing from the ledger", () => {
    expect(auditOne(evidence("sent", { accepted: [] }))).toEqual([
      "a row that is sent: copies that the API accepted of a row that is sent: 0, expected 1",
    ]);
  });

  test("a sent row is in the ledger twice", () => {
    expect(auditOne(evidence("sent", { accepted: ["100", "101"] }))).toEqual([
      "a row that is sent: copies that the API accepted of a row that is sent: 2, expected 1",
    ]);
  });

  test.for(["pending", "failed", "expired", "cancelled"] as const)(
    "a row that is %s is in the ledger",
    (status) => {
      expect(auditOne(evidence(status, { accepted: ["100"] }))).toEqual([
        `a row that is ${status}: copies that the API accepted of a row that is ${status}: 1, expected 0`,
      ]);
    },
  );

  test.for([[], ["100", "101"]])(
    "the unknown row is missing from the ledger, or in it twice: %j",
    (accepted) => {
      expect(auditOne(evidence("unknown", { accepted }))).toHaveLength(1);
    },
  );

  test("a row has another status than expected, even if the ledger agrees with it", () => {
    const sample = evidence("sent").sample;
    expect(auditOne(evidence("failed", { sample }))).toContain(
      "a row that is sent: status: failed, expected sent",
    );
  });

  test("a row is still on the wire", () => {
    const sample = evidence("sent").sample;
    expect(auditOne(evidence("sending", { sample }))).toContain(
      "a row that is sent: status: sending, expected sent",
    );
  });

  test("the reference differs from the API's", () => {
    expect(auditOne(evidence("sent", { accepted: ["999"] }))).toEqual([
      "a row that is sent: reference: 100, expected 999",
    ]);
  });

  test("the API was asked more often than expected", () => {
    expect(auditOne(evidence("sent", { requests: 2 }))).toEqual([
      "a row that is sent: requests that the API got: 2, expected 1",
    ]);
  });

  test("a row is not in the table", () => {
    expect(auditOne(evidence("sent", { row: null }))).toContain(
      "a row that is sent: the row is not in the table",
    );
  });

  test("messages or rows belong to no sample", () => {
    expect(audit([evidence("sent")], { rows: 2, accepted: 3 })).toEqual([
      "the table has 2 rows; 1 of them are known",
      "the ledger has 3 messages; 1 of them are to the samples' numbers",
    ]);
  });
});
