import type { Action, Outcome } from "@talkme/core";
import type { Settlement } from "@talkme/outbox/daemon";

/** A request that has ended. Its age grows until the database is told of it, whose clock then says when it began. */
export class MadeAttempt implements NonNullable<Settlement["attempt"]> {
  readonly account: string;
  readonly action: Action;
  readonly outcome: Outcome;
  readonly durationMs: number;
  readonly #startedAtMs: number;
  readonly #nowMs: () => number;

  constructor(
    account: string,
    { action, outcome }: { readonly action: Action; readonly outcome: Outcome },
    startedAtMs: number,
    durationMs: number,
    nowMs = (): number => performance.now(),
  ) {
    this.account = account;
    this.action = action;
    this.outcome = outcome;
    this.durationMs = durationMs;
    this.#startedAtMs = startedAtMs;
    this.#nowMs = nowMs;
  }

  get ageMs(): number {
    return this.#nowMs() - this.#startedAtMs;
  }
}
