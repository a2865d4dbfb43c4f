import { isInModel, storyKey, type Story } from "@talkme/model";

import type { AuditedAttempt, AuditedRow, Evidence } from "./evidence.ts";
import type { Violation } from "./violation.ts";

/** What came of following each row's story in the model of docs/model.md. */
export interface Replay {
  readonly rows: number;
  /** How many of their stories differ. */
  readonly stories: number;
  /** Of these, too long to say. */
  readonly undecided: number;
  readonly violations: readonly Violation[];
}

/** Rows that only the daemon, the API and the processes' ends have touched: what was observed of each is a path of the model. */
export function replayStories(evidence: Evidence): Replay {
  const attempts = Map.groupBy(evidence.attempts, ({ outboxId }) => outboxId);
  const accepted = Map.groupBy(evidence.ledger, ({ numeroDest }) => numeroDest ?? "");
  const verdicts = new Map<string, boolean | null>();
  const violations: Violation[] = [];
  let rows = 0;
  for (const row of evidence.rows) {
    const story = storyOf(row, attempts.get(row.id) ?? [], accepted.get(row.numero)?.length ?? 0, evidence);
    if (story === null) continue;
    rows += 1;
    const key = storyKey(story);
    if (!verdicts.has(key)) verdicts.set(key, isInModel(story));
    if (verdicts.get(key) === false)
      violations.push({ kind: "not_in_the_model", rowId: row.id, finding: key });
  }
  const undecided = [...verdicts.values()].filter((verdict) => verdict === null).length;
  return { rows, stories: verdicts.size, undecided, violations };
}

/** Null where others have had a hand in it, or no request was made. */
function storyOf(
  row: AuditedRow,
  attempts: readonly AuditedAttempt[],
  accepted: number,
  { meddling, answersTo }: Evidence,
): Story | null {
  const { id, numero, saysAccepted } = row;
  const isMeddled = meddling.touched.has(numero) || meddling.decided.has(numero) || meddling.isTriggered(id);
  // The model has no locks, which have an acceptance recorded although its row cannot say so yet.
  if (isMeddled || saysAccepted || Number(id) <= meddling.reusedUpToId) return null;
  const status = statusOf(row);
  const answers = answersTo(numero).map(({ meaning }) => meaning);
  if (status === null || (status === "failed" && answers.length + attempts.length === 0)) return null;
  const onUnknown = row.onUnknown ?? "hold";
  return { onUnknown, answers, attempts: attempts.map(({ outcome }) => outcome), accepted, status };
}

/** Nobody sends a row any more that has expired. */
function statusOf({ status }: AuditedRow): Story["status"] | null {
  if (status === "expired") return "pending";
  return status === "cancelled" ? null : status;
}
