import type { CompiledQuery } from "kysely";
import type { Statements } from "@talkme/outbox/daemon";

import type { Loan } from "./loan.ts";

/**
 * A connection that stays out of the pool between two statements, for those that are sent again and again: to take one from the
 * pool and to give it back, by way of Kysely, took a turn of one row as long as a quarter of its statement. One that was lost, or
 * on which a statement was given up, is replaced with the next statement.
 */
export class HeldConnection implements Statements {
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

  async executeQuery<Row>({ sql, parameters }: CompiledQuery<Row>): Promise<{ readonly rows: Row[] }> {
    const loan = this.#idle ?? (await this.#borrow());
    this.#idle = null;
    try {
      return await loan.query<Row>(sql, parameters);
    } finally {
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
