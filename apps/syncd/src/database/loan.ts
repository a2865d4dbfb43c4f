import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from "kysely";
import { DatabaseError, type PoolClient } from "pg";

import { requestCancel } from "./cancel-request.ts";
import { spoilsConnection } from "./database-fault.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import { saysUnconfirmed, UnconfirmedCommitError } from "./unconfirmed-commit-error.ts";

/**
 * A connection in use, from when the pool gives it out until it is back. It is not used again after a statement
 * that was not answered, or that failed for a reason that lies with the server.
 */
export class Loan implements PostgresPoolClient {
  readonly #client: PoolClient;
  readonly #url: string;
  readonly #prepared: PreparedStatements;
  readonly #onReturn: () => void;
  #answered = true;
  #spoilt = false;
  #givenUp: Promise<void> | null = null;
  #onLost: ((error: Error) => void) | null = null;
  #confirmed = true;
  readonly #onNotice = (notice: { readonly routine?: string | undefined }): void => {
    if (saysUnconfirmed(notice)) this.#confirmed = false;
  };

  constructor(client: PoolClient, url: string, prepared: PreparedStatements, onReturn: () => void) {
    this.#client = client;
    this.#url = url;
    this.#prepared = prepared;
    this.#onReturn = onReturn;
    client.on("notice", this.#onNotice);
  }

  /** Whether another statement may be sent on it. */
  get isGood(): boolean {
    return !this.#spoilt && this.#givenUp === null;
  }

  /** @param listener Told once if the connection breaks, with or without a statement under way. */
  onLost(listener: (error: Error) => void): void {
    this.#onLost = (error) => {
      this.#spoilt = true;
      listener(error);
    };
    this.#client.once("error", this.#onLost);
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query(statement: string | PostgresCursor<unknown>, parameters: readonly unknown[] = []): unknown {
    if (typeof statement !== "string") throw new Error("Cursors are not used here.");
    return this.#ask(statement, [...parameters]);
  }

  /** Gives it back to the pool, which keeps it if it is good for another use. */
  release(discard = false): void {
    if (this.#onLost !== null) this.#client.off("error", this.#onLost);
    this.#client.off("notice", this.#onNotice);
    const giveBack = (bad: boolean): void => {
      this.#onReturn();
      this.#client.release(bad);
    };
    if (this.#givenUp === null) giveBack(discard || this.#spoilt);
    else void this.#givenUp.finally(() => giveBack(true));
  }

  /**
   * Has the server stop the statement that is under way, which then fails with the server's words: it is known that nothing of
   * it was done. The connection is not used again, because the request may come too late, and would meet the next statement.
   */
  async cancel(): Promise<void> {
    if (this.#answered) return;
    this.#spoilt = true;
    await requestCancel(this.#url, this.#client);
  }

  /** Has the server stop what it may be doing, then closes the connection hard: whoever uses it gets an error. */
  giveUp(): Promise<void> {
    this.#givenUp ??= this.#abandon();
    return this.#givenUp;
  }

  async #ask(sql: string, parameters: unknown[]): Promise<unknown> {
    this.#answered = false;
    this.#confirmed = true;
    try {
      const result = await this.#carryOut(sql, parameters);
      this.#answered = true;
      if (!this.#confirmed) throw new UnconfirmedCommitError();
      return result;
    } catch (error) {
      if (error instanceof UnconfirmedCommitError) throw error;
      this.#spoilt ||= spoilsConnection(error);
      // Anything else than the server's own words: it may be busy with the statement still.
      if (error instanceof DatabaseError) this.#answered = true;
      else void this.giveUp();
      throw error;
    }
  }

  async #carryOut(text: string, values: unknown[]): Promise<unknown> {
    const name = this.#prepared.nameOf(text);
    if (name === undefined) return this.#client.query(text, values);
    try {
      return await this.#client.query({ name, text, values });
    } catch (error) {
      if (!this.#prepared.giveUpAfter(error)) throw error;
      // The driver takes it for prepared still.
      this.#spoilt = true;
      return this.#client.query(text, values);
    }
  }

  async #abandon(): Promise<void> {
    if (!this.#answered) await requestCancel(this.#url, this.#client);
    this.#client.connection.stream.destroy();
  }
}
