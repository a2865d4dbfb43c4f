import type { CompiledQuery } from "kysely";
import type { StatementRunner } from "@talkme/outbox/daemon";

import type { Loan } from "./loan.ts";

/** When it is reached, the statement is cancelled in the server and fails with the server's error. */
export interface Bound {
  readonly ms: number;
  /** Called before the cancellation. */
  readonly onReached: () => Promise<void>;
}

/**
 * A connection that stays out of the pool between statements: borrowing one each time, through Kysely, took a quarter of a
 * one-row turn. The next statement replaces a connection that was lost or whose statement was given up.
 */
export class TurnConnection implements StatementRunner {
  readonly #lend: () => Promise<Loan>;
  readonly #onIdleError: (error: Error) => void;
  #idle: Loan | null = null;
  #closed = false;

  /** @param onIdleError Called when it was lost between two statements. */
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
      // A second statement at the same time borrowed another connection.
      if (loan.isGood && this.#idle === null && !this.#closed) this.#idle = loan;
      else loan.release();
    }
  }

  /** Closes the connection; later statements fail. */
  close(): void {
    this.#closed = true;
    this.#drop();
  }

  async #borrow(): Promise<Loan> {
    const loan = await this.#lend();
    if (this.#closed) {
      loan.release(true);
      throw new Error("The connections were closed.");
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
