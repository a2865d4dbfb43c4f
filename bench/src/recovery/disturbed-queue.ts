import type { Work } from "../contenders/contender.ts";
import type { Child } from "../stage/child.ts";

/**
 * - `done`: the queue takes the job for delivered, and does nothing more with it.
 * - `failed`: it has given up.
 * - `unknown`: it says that the job may have been delivered, and waits for a person.
 * - `waiting`: it will be tried, or is being tried as far as the queue knows.
 */
export type Fate = "done" | "failed" | "unknown" | "waiting";

/** A queue on PostgreSQL whose jobs are requests, each with a number that the receiver gets. */
export interface DisturbedQueue {
  readonly name: string;
  /** What it connects as: no superuser, for whom PostgreSQL reserves connections. */
  readonly login: string;
  /** Creates the login, and the schema in an empty database. @param url A superuser's. */
  migrate(url: string): Promise<void>;
  /** Adds jobs with the numbers from 1 to `count`, due at once. */
  fill(url: string, count: number): Promise<void>;
  start(work: Work): Child;
  /** What its documentation has an operator do when a process has died. */
  afterDeath(url: string): Promise<void>;
  /** The fate of each job by its number; those that are gone from the queue are `done`. */
  fates(url: string): Promise<ReadonlyMap<number, Fate>>;
}
