import type { Fate } from "./disturbed-queue.ts";

/** Numbers of jobs. */
export interface Audit {
  /** The queue will not send it again, and nobody got it. */
  readonly lost: number;
  /** The receiver accepted it more than once. */
  readonly twice: number;
  /** Held for a person, because it may have been sent. */
  readonly unknown: number;
  /** Neither sent nor given up when the observation ended: locked by a process that is gone, for example. */
  readonly waiting: number;
}

/** Compares what the queue says of `count` jobs with what the receiver has accepted. */
export function auditOf(count: number, fates: ReadonlyMap<number, Fate>, accepted: readonly number[]): Audit {
  const times = new Map<number, number>();
  for (const job of accepted) times.set(job, (times.get(job) ?? 0) + 1);
  const jobs = Array.from({ length: count }, (_, index) => {
    const job = index + 1;
    return { fate: fates.get(job) ?? "done", times: times.get(job) ?? 0 };
  });
  return {
    lost: jobs.filter((job) => hasEnded(job.fate) && job.times === 0).length,
    twice: jobs.filter((job) => job.times > 1).length,
    unknown: jobs.filter((job) => job.fate === "unknown").length,
    waiting: jobs.filter((job) => job.fate === "waiting").length,
  };
}

/** Whether the queue does nothing more with a job. */
function hasEnded(fate: Fate): boolean {
  return fate === "done" || fate === "failed";
}
