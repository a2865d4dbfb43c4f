/** What a log line says of a row. */
export interface LoggedRow {
  readonly id: string;
  readonly account: string;
  /** Unmasked: the log masks it. */
  readonly numeroDest: string | null;
  readonly attempts: number;
}
