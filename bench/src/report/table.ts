/** Figures that are no ratio. */
export interface Table {
  readonly name: string;
  /** What was done, and how much of it. */
  readonly how: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}
