import { UnconfirmedCommitError } from "@talkme/outbox/daemon";
import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from "kysely";
import { DatabaseError, type PoolClient } from "pg";

import { requestCancel } from "./cancel-request.ts";
import { spoilsConnection } from "./database-fault.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import { saysUnconfirmed } from "./unconfirmed-notice.ts";

/**
 * A connection on loan from the pool. It is discarded after a statement that got no answer or failed because of the
 * server.
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

  /** Whether it can carry another statement. */
  get isGood(): boolean {
    return !this.#spoilt && this.#givenUp === null;
  }

  /** @param listener Called once if the connection breaks, with or without a running statement. */
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
    if (typeof statement !== "string") throw new Error("This pool does not support cursors.");
    return this.#ask(statement, [...parameters]);
  }

  /** Returns it to the pool, which keeps it if it can be used again. */
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
   * Has the server stop the running statement, which then fails with the server's own error: so it certainly did nothing.
   * Discards the connection, because a late request would stop its next statement.
   */
  async cancel(): Promise<void> {
    if (this.#answered) return;
    this.#spoilt = true;
    await requestCancel(this.#url, this.#client);
  }

  /** Has the server stop any running statement, then destroys the connection: its user gets an error. */
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
      if (!this.#confirmed) throw new UnconfirmedCommitError("the wait for it was cancelled.");
      return result;
    } catch (error) {
      if (error instanceof UnconfirmedCommitError) throw error;
      this.#spoilt ||= spoilsConnection(error);
      // Without an error of the server's own, the statement may still be running.
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
      // The driver still considers it prepared.
      this.#spoilt = true;
      return this.#client.query(text, values);
    }
  }

  async #abandon(): Promise<void> {
    if (!this.#answered) await requestCancel(this.#url, this.#client);
    this.#client.connection.stream.destroy();
  }
}
