import type { LockHolder } from "./lock-watch.ts";

/** Another transaction held a lock that a migration needs for longer than the migration waits. */
export class LockedSchemaError extends Error {
  override readonly name = "LockedSchemaError";
  readonly code = "schema_locked";
  readonly holders: readonly LockHolder[];

  /** @param reached The last applied migration; null if there is none. */
  constructor(migration: string, reached: string | null, holders: readonly LockHolder[], cause: unknown) {
    const who = holders.length === 0 ? "nobody could be seen any more" : holders.map(describe).join("; ");
    super(
      `Migration ${migration} could not get a lock: it would have waited for ${who}. ` +
        `${standing(reached)} Let that transaction end, or end it with select pg_terminate_backend(PID), ` +
        "and run syncd migrate again: it goes on from there.",
      { cause },
    );
    this.holders = holders;
  }
}

/** The state of a database whose migration did not go through. */
export function standing(reached: string | null): string {
  return reached === null ? "Nothing was changed." : `The schema is whole, and stays at ${reached}.`;
}

function describe({ pid, user, application, state, since }: LockHolder): string {
  if (pid === 0) return "a prepared transaction (see pg_prepared_xacts)";
  const facts = [
    user === null ? null : `user ${user}`,
    application === null ? null : `application ${application}`,
    state,
    since === null ? null : `in a transaction since ${since}`,
  ].filter((fact) => fact !== null);
  return facts.length === 0 ? `process ${pid}` : `process ${pid} (${facts.join(", ")})`;
}
