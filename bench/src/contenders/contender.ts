import type { Child } from "../stage/child.ts";

export interface Work {
  readonly databaseUrl: string;
  readonly apiUrl: string;
  readonly concurrency: number;
}

/** A queue on PostgreSQL that sends the same messages. */
export interface Contender {
  readonly name: string;
  /** Creates its schema in an empty database. */
  migrate(databaseUrl: string): Promise<void>;
  /** Adds `count` messages to its queue, due at once. */
  fill(databaseUrl: string, count: number): Promise<void>;
  start(work: Work): Child;
  isDrained(databaseUrl: string): Promise<boolean>;
}
