import type { Settlement } from "@talkme/outbox/daemon";

/** A request that has ended. */
export interface MadeAttempt extends Omit<NonNullable<Settlement["attempt"]>, "ageMs"> {
  /** By this process's monotonic clock. */
  readonly startedAtMs: number;
}

/**
 * A settlement as it is written at `nowMs`. Of its attempt the database gets the age: its own clock then says when that began.
 */
export function settlementAt<Kept extends Omit<Settlement, "attempt">>(
  kept: Kept & { readonly attempt: MadeAttempt | null },
  nowMs: number,
): Kept & Settlement {
  const { attempt } = kept;
  if (attempt === null) return { ...kept, attempt };
  const { startedAtMs, ...made } = attempt;
  return { ...kept, attempt: { ...made, ageMs: nowMs - startedAtMs } };
}
