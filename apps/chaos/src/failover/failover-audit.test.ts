import { expect, test } from "vitest";

import { acceptedAt, numero, sentOnce } from "../../test/support/sent-once.ts";
import type { ViolationKind } from "../audit/violation.ts";
import { auditFailover, type FailoverEvidence } from "./failover-audit.ts";

/** One sent row on which all evidence agrees, but for the changes. */
function evidence(changes: Partial<FailoverEvidence>): FailoverEvidence {
  return {
    durability: "standby",
    unconfirmed: new Set(),
    acknowledgements: [],
    ...sentOnce,
    answersTo: () => [],
    ...changes,
  };
}

function violated(changes: Partial<FailoverEvidence>): readonly ViolationKind[] {
  return auditFailover(evidence(changes)).violations.map(({ kind }) => kind);
}

test("a run on which all evidence agrees has no violation", () => {
  expect(violated({})).toEqual([]);
});

test("a commit that a standby confirmed must be there; one that none confirmed may be lost, and is counted", () => {
  const gone = { rows: [], attempts: [], ledger: [] };

  expect(violated(gone)).toEqual(["row_lost"]);
  const { figures, violations } = auditFailover(
    evidence({ ...gone, committed: new Set(), uncertain: new Set([numero]), unconfirmed: new Set([numero]) }),
  );
  expect(violations).toEqual([]);
  expect(figures.lostUnconfirmed).toBe(1);
});

test("what the API accepted may be lost with its row only where claims are local", () => {
  const gone = { rows: [], attempts: [], committed: new Set<string>(), uncertain: new Set([numero]) };

  expect(violated({ ...gone, durability: "standby" })).toEqual(["accepted_and_lost"]);
  expect(violated({ ...gone, durability: "local" })).toEqual([]);
});

test("a message that was sent twice is a violation, whatever the durability of claims", () => {
  const ledger = [acceptedAt(10_000), acceptedAt(90_000, "101")];

  expect(violated({ ledger, durability: "standby" })).toContain("sent_twice");
  expect(violated({ ledger, durability: "local" })).toContain("sent_twice");
});

test("a message between the change and its acknowledgement is a violation, but for a request that was on the wire", () => {
  const held = { fromMs: 10_000, toMs: 40_000, shown: 1, spared: 0 };
  const sentAt = (ms: number) => violated({ ledger: [acceptedAt(ms)], acknowledgements: [held] });

  expect(sentAt(10_500)).toEqual([]);
  expect(sentAt(20_000)).toEqual(["sent_unacknowledged"]);
  expect(sentAt(40_500)).toEqual([]);
});
