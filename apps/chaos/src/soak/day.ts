/** The trouble during a part of the day. */
export type Trouble = "none" | "api" | "database";

/** A part of a day. */
export interface Phase {
  readonly name: string;
  /** Of the day. */
  readonly share: number;
  /** Rows inserted a second, a few at a time. */
  readonly rowsPerSecond: number;
  /** Rows inserted at once at its beginning. */
  readonly burst: number;
  readonly trouble: Trouble;
}

/** A company's day for the outbox. Its end leaves time to finish. */
export const day: readonly Phase[] = [
  { name: "night", share: 0.15, rowsPerSecond: 0, burst: 0, trouble: "none" },
  { name: "the campaign of the morning", share: 0.15, rowsPerSecond: 20, burst: 1000, trouble: "none" },
  { name: "business", share: 0.2, rowsPerSecond: 60, burst: 0, trouble: "none" },
  { name: "lunch", share: 0.1, rowsPerSecond: 1, burst: 0, trouble: "none" },
  { name: "the API is in trouble", share: 0.2, rowsPerSecond: 60, burst: 200, trouble: "api" },
  { name: "the database is restarted", share: 0.1, rowsPerSecond: 30, burst: 0, trouble: "database" },
  { name: "evening", share: 0.1, rowsPerSecond: 0, burst: 0, trouble: "none" },
];

/** The number of rows of a day of `daySeconds`. */
export function rowsOfDay(daySeconds: number): number {
  const rows = day.map(({ share, rowsPerSecond, burst }) => share * daySeconds * rowsPerSecond + burst);
  return Math.round(rows.reduce((sum, some) => sum + some, 0));
}
