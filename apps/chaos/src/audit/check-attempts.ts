import type { AuditedAttempt, AuditedRow, Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

/** `talkme.attempt` has each attempt once, consistent with the row's outcome. */
export function checkAttempts({ rows, attempts, meddling }: Evidence): readonly Violation[] {
  const byRow = Map.groupBy(attempts, ({ outboxId }) => outboxId);
  return rows.flatMap((row) => {
    // A person has overwritten which claim or row their attempts belong to.
    if (meddling.touched.has(row.numero) || meddling.decided.has(row.numero)) return [];
    const own = byRow.get(row.id) ?? [];
    // A trigger that refuses the mark leaves the row unknown, although its attempt records the answer.
    const lastClaim = checkLastClaim(row, own).filter(
      ({ kind }) => kind !== "answer_ignored" || !meddling.isTriggered(row.id),
    );
    // The attempts include those of an earlier row with this id, from before a truncate.
    if (Number(row.id) <= meddling.reusedUpToId) {
      return lastClaim.filter(({ kind }) => kind === "attempt_missing");
    }
    return [...checkRepetition(row, own), ...lastClaim, ...checkAccepted(row, own)];
  });
}

function checkRepetition({ id }: AuditedRow, attempts: readonly AuditedAttempt[]): readonly Violation[] {
  return [...Map.groupBy(attempts, ({ attempt }) => attempt)]
    .filter(([, same]) => same.length > 1)
    .map(([attempt, same]) => ({
      kind: "attempt_twice",
      rowId: id,
      finding: `attempt ${attempt} is there ${same.length} times`,
    }));
}

/** The answer to its last claim, and no other, settled the row. */
function checkLastClaim(row: AuditedRow, attempts: readonly AuditedAttempt[]): readonly Violation[] {
  const { id, status, fence, claimedBy } = row;
  const last = attempts.filter(({ attempt }) => attempt === fence);
  const told = last.map(({ outcome, reference }) => `${outcome} ${reference ?? ""}`.trimEnd());
  const finding = `${row.reference ?? "no reference"}, claim ${fence} by ${claimedBy ?? "nobody"}: ${told.join(", ") || "no attempt"}`;
  const isItsAnswer = ({ outcome, reference }: AuditedAttempt): boolean =>
    outcome === "accepted" && reference === row.reference;
  if (status === "sent" && !last.some(isItsAnswer)) {
    return [{ kind: "attempt_missing", rowId: id, finding }];
  }
  // The attempt of a locked row is recorded beside it: an instance that dies before it can settle the row leaves it unknown.
  const saysSo = row.saysAccepted && last.every(({ outcome }) => outcome === "accepted");
  // What was provably not sent before the database changed may have been sent by a claim that was lost with it.
  const isOfLostHistory =
    row.errorCode === "history_changed" && last.every(({ outcome }) => outcome === "not_sent");
  if (
    status === "unknown" &&
    !saysSo &&
    !isOfLostHistory &&
    last.some(({ outcome }) => outcome !== "unknown")
  ) {
    return [{ kind: "answer_ignored", rowId: id, finding }];
  }
  return [];
}

/** A late answer to a row that was sent again no longer settles it, but is still recorded. */
function checkAccepted(row: AuditedRow, attempts: readonly AuditedAttempt[]): readonly Violation[] {
  const accepted = attempts.filter(({ outcome }) => outcome === "accepted").length;
  const expected = row.status === "sent" || row.status === "unknown" ? 1 : 0;
  if (accepted <= expected || row.onUnknown === "resend") return [];
  const finding = `it is ${row.status}, with ${accepted} accepted attempts`;
  return [{ kind: "attempt_unexplained", rowId: row.id, finding }];
}
