/** Counts since the start or the last reset. */
export interface Statistics {
  /** All requests but those to the admin API. */
  readonly requests: number;
  readonly accepted: number;
  /** Null where the ledger is not kept: unknown is not zero. */
  readonly distinctNumbers: number | null;
  /** Accepted messages that repeat an earlier one. Null where the ledger is not kept. */
  readonly duplicates: number | null;
  /** Requests by what they were answered: a shape, a fault, or `refused:` and the reason. */
  readonly byAnswer: Readonly<Record<string, number>>;
  readonly lockedAccounts: readonly string[];
}
