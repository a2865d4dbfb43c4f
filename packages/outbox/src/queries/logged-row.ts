/** What a line in the log says of a row. */
export interface LoggedRow {
  readonly id: string;
  readonly account: string;
  /** Whole: the log masks it. */
  readonly numeroDest: string | null;
  readonly attempts: number;
}
