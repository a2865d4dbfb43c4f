/** The most rows that an instance was seen to have, and when. */
export interface Peak {
  readonly rows: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}
