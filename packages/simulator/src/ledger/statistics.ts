/** Counts since the start or the last reset. */
export interface Statistics {
  /** All requests but those to the admin API. */
  readonly requests: number;
  readonly accepted: number;
  /** Null if the ledger is not kept. */
  readonly distinctNumbers: number | null;
  /** Accepted messages that repeat an earlier one; null if the ledger is not kept. */
  readonly duplicates: number | null;
  /** Requests by their answer: a shape, a fault, or `refused:` and the reason. */
  readonly byAnswer: Readonly<Record<string, number>>;
  readonly lockedAccounts: readonly string[];
}
