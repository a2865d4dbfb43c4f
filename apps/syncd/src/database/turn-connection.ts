import type { CompiledQuery } from "kysely";
import type { StatementRunner } from "@talkme/outbox/daemon";

import type { Loan } from "./loan.ts";

/** After that a statement is cancelled in the server, and fails with what the server says of it. */
export interface Bound {
  readonly ms: number;
  /** Told before. */
  readonly onReached: () => Promise<void>;
}

/**
 * A connection that stays out of the pool between two statements, for those that are sent again and again: to take one from the
 * pool each time, by way of Kysely, took as long as a quarter of a turn of one row. One that was lost, or on which a statement was
 * given up, is replaced with the next statement.
 */
export class TurnConnection implements StatementRunner {
  readonly #lend: () => Promise<Loan>;
  readonly #onIdleError: (error: Error) => void;
  #idle: Loan | null = null;
  #closed = false;

  /** @param onIdleError Told when it was lost between two statements. */
  constructor(lend: () => Promise<Loan>, onIdleError: (error: Error) => void) {
    this.#lend = lend;
    this.#onIdleError = onIdleError;
  }

  get isIdle(): boolean {
    return this.#idle !== null;
  }

  async executeQuery<Row>(
    { sql, parameters }: CompiledQuery<Row>,
    bound?: Bound,
  ): Promise<{ readonly rows: Row[] }> {
    const idle = this.#idle;
    this.#idle = null;
    const loan = idle ?? (await this.#borrow());
    const timer = bound && setTimeout(() => void stop(bound, loan), bound.ms);
    try {
      return await loan.query<Row>(sql, parameters);
    } finally {
      clearTimeout(timer);
      // Of two statements at once, one had to borrow another.
      if (loan.isGood && this.#idle === null && !this.#closed) this.#idle = loan;
      else loan.release();
    }
  }

  /** Gives the connection back; the next statement's is not kept. */
  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #borrow(): Promise<Loan> {
    const loan = await this.#lend();
    if (this.#closed) {
      loan.release(true);
      throw new Error("The connections were given up.");
    }
    loan.onLost((error) => {
      if (this.#idle !== loan) return;
      this.#drop();
      this.#onIdleError(error);
    });
    return loan;
  }

  #drop(): void {
    this.#idle?.release(true);
    this.#idle = null;
  }
}

async function stop(bound: Bound, loan: Loan): Promise<void> {
  await bound.onReached();
  await loan.cancel();
}
