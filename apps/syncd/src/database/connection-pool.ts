import type { PostgresPool } from "kysely";
import { Pool, type PoolClient, type PoolConfig } from "pg";

import { AnyAddressClient } from "./any-address-client.ts";
import { TurnConnection } from "./turn-connection.ts";
import { Loan } from "./loan.ts";
import type { PreparedStatements } from "./prepared-statements.ts";

/** For a statement to be cancelled and for good-byes; a connection that is silently dead would take many minutes. */
const closeDeadlineMs = 4000;

export interface ConnectionPoolOptions extends PoolConfig {
  readonly connectionString: string;
  /** After that a statement is given up, and the server is asked to stop it: none may wait for a lock for ever. */
  readonly query_timeout: number;
}

/** What the connections of a pool do. */
export interface PoolState {
  readonly idle: number;
  readonly used: number;
  /** Users who wait for one. */
  readonly waiting: number;
  readonly max: number;
}

/** Connections for Kysely. One on which a statement was given up is closed, and its statement cancelled. */
export class ConnectionPool implements PostgresPool {
  /** Kysely would cancel with them, which is not used: see `requestCancel`. */
  readonly options: object = {};
  readonly #pool: Pool;
  readonly #url: string;
  readonly #prepared: PreparedStatements;
  readonly #open = new Set<PoolClient>();
  readonly #loans = new Set<Loan>();
  #ending: Promise<void> | null = null;
  /** One of its connections, for the statements that are sent again and again. */
  readonly turnConnection: TurnConnection;

  /** @param onIdleError Told of an idle connection that was lost; the pool replaces it by itself. */
  constructor(
    options: ConnectionPoolOptions,
    prepared: PreparedStatements,
    onIdleError: (error: Error) => void,
  ) {
    this.#url = options.connectionString;
    this.#prepared = prepared;
    this.#pool = new Pool({ ...options, Client: AnyAddressClient });
    this.#pool.on("error", onIdleError);
    this.#pool.on("connect", (client) => {
      this.#open.add(client);
      // The pool listens only while a connection is idle: one that breaks between two statements of its user would
      // end the process. The next statement fails, and says so.
      client.on("error", () => {});
    });
    this.#pool.on("remove", (client) => this.#open.delete(client));
    this.turnConnection = new TurnConnection(async () => this.connect(), onIdleError);
  }

  get state(): PoolState {
    const { totalCount, idleCount, waitingCount, options } = this.#pool;
    const idle = idleCount + (this.turnConnection.isIdle ? 1 : 0);
    return { idle, used: totalCount - idle, waiting: waitingCount, max: options.max };
  }

  async connect(): Promise<Loan> {
    const client = await this.#pool.connect();
    const loan = new Loan(client, this.#url, this.#prepared, () => this.#loans.delete(loan));
    this.#loans.add(loan);
    return loan;
  }

  /** Gives up what is under way, and closes every connection within seconds: also one that is silently dead. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const closeHard = (): void => this.#open.forEach((client) => client.connection.stream.destroy());
    // Sockets that are still open keep the process alive until then, and nothing else does.
    setTimeout(closeHard, closeDeadlineMs).unref();
    this.turnConnection.close();
    for (const loan of this.#loans) void loan.giveUp();
    await this.#pool.end();
  }
}
