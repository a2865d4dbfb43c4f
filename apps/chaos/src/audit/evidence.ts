import type { Status } from "@talkme/outbox";
import type { LedgerEntry } from "@talkme/simulator";

import type { GivenAnswer } from "../api/answer-log.ts";
import type { Peak } from "../database/peak.ts";
import type { Pause } from "../process/process-history.ts";
import type { Exit } from "@talkme/test-syncd";

/** A row of `talkme.outbox` for the audit. */
export interface AuditedRow {
  readonly id: string;
  readonly numero: string;
  readonly status: Status;
  readonly onUnknown: "hold" | "resend" | null;
  readonly claimedBy: string | null;
  /** Of its last claim. */
  readonly fence: number;
  readonly errorCode: string | null;
  /** Its error says that its message was accepted. */
  readonly saysAccepted: boolean;
  readonly reference: string | null;
  /** Milliseconds since 1970; null if it never expires. */
  readonly expiresAtMs: number | null;
}

/** A row of `talkme.attempt`. */
export interface AuditedAttempt {
  readonly outboxId: string;
  /** The fence of the claim that it belongs to. */
  readonly attempt: number;
  readonly outcome: "accepted" | "rejected" | "not_sent" | "unknown";
  readonly reference: string | null;
  readonly errorCode: string | null;
  readonly instance: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
}

/** A message that the API accepted. */
export type AuditedEntry = Pick<LedgerEntry, "numeroDest" | "reference" | "receivedAt" | "answered">;

/** A process of syncd: what was done to it, and how it ended. */
export interface AuditedProcess {
  /** Its registered names: a new one after each time that it was declared dead. */
  readonly names: readonly string[];
  readonly wasKilled: boolean;
  readonly pauses: readonly Pause[];
  readonly stop: {
    readonly exit: Exit;
    readonly databaseWasDisturbed: boolean;
    readonly leftSending: number;
  } | null;
  readonly endedByItself: Exit | null;
  /** Its last lines. */
  readonly logTail: string;
}

/** What others than the daemon did to rows, of which the table may not show everything. */
export interface MeddledRows {
  /** Deleted or truncated, by number. */
  readonly removed: ReadonlyMap<string, AuditedRow["onUnknown"]>;
  /** Edited or set back while they were on the wire, by number. */
  readonly touched: ReadonlySet<string>;
  /** A person wrote their status, by number. */
  readonly decided: ReadonlySet<string>;
  /** Up to this id, another row may have had the same id before. */
  readonly reusedUpToId: number;
  /** Whether a customer's trigger may have kept a row from being marked. */
  readonly isTriggered: (id: string) => boolean;
}

/** Everything known at the end of a run. */
export interface Evidence {
  /** The most rows that an instance may have at once. */
  readonly concurrency: number;
  readonly requestTimeoutMs: number;
  /** What the producers know, by number. */
  readonly committed: ReadonlySet<string>;
  readonly uncertain: ReadonlySet<string>;
  /** What people and customers' code did to rows. */
  readonly meddling: MeddledRows;
  readonly rows: readonly AuditedRow[];
  readonly attempts: readonly AuditedAttempt[];
  readonly ledger: readonly AuditedEntry[];
  /** The API's answers to a number's requests, in order. */
  readonly answersTo: (numero: string) => readonly GivenAnswer[];
  /** Requests whose number the API never learned. */
  readonly unattributedAnswers: number;
  readonly processes: readonly AuditedProcess[];
  /** The most rows seen in `sending` at once, by the name that claimed them. */
  readonly mostSending: ReadonlyMap<string, Peak>;
}
