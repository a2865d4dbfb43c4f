import type { PostgresPool } from "kysely";
import { Pool, type PoolClient, type PoolConfig } from "pg";

import { DatabaseClient } from "./database-client.ts";
import { TurnConnection } from "./turn-connection.ts";
import { Loan } from "./loan.ts";
import type { PreparedStatements } from "./prepared-statements.ts";

/** For cancelling statements and closing politely; a silently dead connection would take many minutes. */
const closeDeadlineMs = 4000;

export interface ConnectionPoolOptions extends PoolConfig {
  readonly connectionString: string;
  /** Then a statement is given up and cancelled in the server: none may wait for a lock forever. */
  readonly query_timeout: number;
}

/** How many connections of a pool are in which state. */
export interface PoolState {
  readonly idle: number;
  readonly used: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  readonly max: number;
}

/** Connections for Kysely. Giving up a statement cancels it and closes its connection. */
export class ConnectionPool implements PostgresPool {
  /** Kysely would use them to cancel, which `requestCancel` does instead. */
  readonly options: object = {};
  readonly #pool: Pool;
  readonly #url: string;
  readonly #prepared: PreparedStatements;
  readonly #open = new Set<PoolClient>();
  readonly #loans = new Set<Loan>();
  #ending: Promise<void> | null = null;
  /** One of its connections, for the statements that are sent again and again. */
  readonly turnConnection: TurnConnection;

  /** @param onIdleError Called when an idle connection was lost; the pool replaces it. */
  constructor(
    options: ConnectionPoolOptions,
    prepared: PreparedStatements,
    onIdleError: (error: Error) => void,
  ) {
    this.#url = options.connectionString;
    this.#prepared = prepared;
    this.#pool = new Pool({ ...options, Client: DatabaseClient });
    this.#pool.on("error", onIdleError);
    this.#pool.on("connect", (client) => {
      this.#open.add(client);
      // The pool listens only to idle connections: an unhandled error between two statements of a borrower would end
      // the process. The next statement fails instead.
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

  /** Gives up running statements and closes every connection within seconds, even a silently dead one. */
  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  async #end(): Promise<void> {
    const closeHard = (): void => this.#open.forEach((client) => client.connection.stream.destroy());
    // Unref: only sockets that are still open should keep the process alive.
    setTimeout(closeHard, closeDeadlineMs).unref();
    this.turnConnection.close();
    for (const loan of this.#loans) void loan.giveUp();
    await this.#pool.end();
  }
}
