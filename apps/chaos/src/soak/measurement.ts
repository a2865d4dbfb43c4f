/** What an instance holds at the end of a day, when it is idle and its garbage was collected. */
export interface Measurement {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly files: number;
  /** Sockets, timers and requests that keep its event loop going. */
  readonly resources: number;
  /** To PostgreSQL, as PostgreSQL counts them: those of all instances, by their number. */
  readonly connections: number;
  /** Of the day: the median of what each second's worst hundredth of timers was late by. */
  readonly lagMs: number;
}

export type Quantity = keyof Measurement;

/** How much more may be there at the end than at the beginning, before it is called growth. */
interface Tolerance {
  readonly share: number;
  readonly absolute: number;
}

const megabyte = 1024 * 1024;

/**
 * Live objects are counted exactly, and everything else has noise of its own: an allocator gives memory back when it likes,
 * pools open connections as they need them, up to their bounds, and a busy machine delays timers. A leak of one thing a
 * day shows within twenty days all the same.
 */
export const tolerances: Readonly<Record<Quantity, Tolerance>> = {
  heapBytes: { share: 0.02, absolute: 0.75 * megabyte },
  residentBytes: { share: 0.15, absolute: 15 * megabyte },
  files: { share: 0, absolute: 10 },
  resources: { share: 0, absolute: 8 },
  connections: { share: 0, absolute: 2 },
  lagMs: { share: 1, absolute: 20 },
};
