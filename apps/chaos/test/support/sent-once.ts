import type {
  AuditedAttempt,
  AuditedEntry,
  AuditedRow,
  Evidence,
  MeddledRows,
} from "../../src/audit/evidence.ts";

export const numero = "11900000001";
export const instance = "host-1";

export const sentRow: AuditedRow = {
  id: "1",
  numero,
  status: "sent",
  onUnknown: null,
  claimedBy: instance,
  fence: 1,
  errorCode: null,
  saysAccepted: false,
  reference: "100",
  expiresAtMs: null,
};

export const acceptedAttempt: AuditedAttempt = {
  outboxId: "1",
  attempt: 1,
  outcome: "accepted",
  reference: "100",
  errorCode: null,
  instance,
  startedAtMs: 0,
  durationMs: 50,
};

export const untouched: MeddledRows = {
  removed: new Map(),
  touched: new Set(),
  decided: new Set(),
  reusedUpToId: 0,
  isTriggered: () => false,
};

export function acceptedAt(ms: number, reference = "100"): AuditedEntry {
  return { numeroDest: numero, reference, receivedAt: new Date(ms).toISOString(), answered: "protocol" };
}

/** One sent row, on which all evidence agrees; no process was watched. */
export const sentOnce: Evidence = {
  concurrency: 2,
  requestTimeoutMs: 800,
  committed: new Set([numero]),
  uncertain: new Set(),
  meddling: untouched,
  rows: [sentRow],
  attempts: [acceptedAttempt],
  ledger: [acceptedAt(10_000)],
  answersTo: () => [{ answered: "protocol", meaning: "accepted" }],
  unattributedAnswers: 0,
  processes: [],
  mostSending: new Map(),
};
