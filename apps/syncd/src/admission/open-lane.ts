/** A lane and priority that has, or soon will have, rows to send. */
export interface OpenLane {
  readonly lane: string;
  readonly priority: number;
  readonly account: string;
  /** How many rows were inserted after its latest one; null where that is not one of the last. */
  readonly age?: number | null;
}

/** What may be claimed: each row takes one from each scope of its lane. */
export interface Limits {
  readonly lanes: readonly OpenLane[];
  /** Whether a row of it tries the account or lane: these come first, in the order of `lanes`. */
  readonly isTrial: (lane: OpenLane) => boolean;
  readonly scopesOf: (lane: OpenLane) => readonly string[];
  readonly allowances: ReadonlyMap<string, number>;
}
