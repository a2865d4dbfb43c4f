import type { Child } from "../stage/child.ts";

export interface Work {
  readonly databaseUrl: string;
  readonly apiUrl: string;
  readonly concurrency: number;
}

/** A queue on PostgreSQL with the same messages to send. */
export interface Contender {
  readonly name: string;
  /** Brings its schema into an empty database. */
  migrate(databaseUrl: string): Promise<void>;
  /** Puts so many messages into its queue, due at once. */
  fill(databaseUrl: string, count: number): Promise<void>;
  start(work: Work): Child;
  isDrained(databaseUrl: string): Promise<boolean>;
}
