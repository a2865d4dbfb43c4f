/** The resources of an instance at the end of a day, idle and after a garbage collection. */
export interface Measurement {
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly files: number;
  /** Sockets, timers and requests that keep its event loop going. */
  readonly resources: number;
  /** To PostgreSQL, as PostgreSQL counts them: those of all instances, by their number. */
  readonly connections: number;
  /** Of the day: the median of each second's 99th percentile of timer delay. */
  readonly lagMs: number;
}

export type Quantity = keyof Measurement;

/** How much more the end may have than the beginning without counting as growth. */
interface Tolerance {
  readonly share: number;
  readonly absolute: number;
}

const megabyte = 1024 * 1024;

/**
 * Live objects are exact; everything else is noisy: the allocator returns memory at will, pools open connections up to their
 * bounds, and a busy machine delays timers. A leak of one object a day still shows within twenty days.
 */
export const tolerances: Readonly<Record<Quantity, Tolerance>> = {
  heapBytes: { share: 0.02, absolute: 0.75 * megabyte },
  residentBytes: { share: 0.15, absolute: 15 * megabyte },
  files: { share: 0, absolute: 10 },
  resources: { share: 0, absolute: 8 },
  connections: { share: 0, absolute: 2 },
  lagMs: { share: 1, absolute: 20 },
};
