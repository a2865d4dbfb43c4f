import type { OutboxDatabase } from "@talkme/outbox";
import { frequentStatements, type StatementRunner } from "@talkme/outbox/daemon";
import { Kysely, PostgresDialect } from "kysely";

import { ConnectionPool, type PoolState } from "./connection-pool.ts";
import type { Bound } from "./turn-connection.ts";
import { PreparedStatements } from "./prepared-statements.ts";

/**
 * For each pool but the turns': for example one count and one maintenance task. More would wait for each other;
 * measuring and cleaning must not become the load.
 */
const usualConnections = 2;

/** How people and {@link LockWatch} find the daemon's connections. */
export const applicationName = "syncd";

/** The limits of every statement. */
export interface Deadlines {
  readonly connectMs: number;
  /** After a longer silence the connection counts as lost. */
  readonly statementMs: number;
}

/** On a healthy server no statement of syncd takes longer. */
export const usualDeadlines: Deadlines = { connectMs: 10_000, statementMs: 15_000 };

/**
 * A pool of connections without session state, so that PgBouncer's transaction mode works. Giving up a statement closes
 * its connection, and cancels the statement if the server can be reached.
 */
export class Database {
  readonly #url: string;
  readonly #onConnectionError: (error: Error) => void;
  readonly #deadlines: Deadlines;
  readonly #maxConnections: number;
  readonly #prepared = new PreparedStatements(frequentStatements);
  #pool: ConnectionPool;
  #kysely: Kysely<OutboxDatabase>;
  #closed = false;

  /**
   * @param onConnectionError Called when an idle connection was lost; the pool replaces it.
   * @param deadlines By default {@link usualDeadlines}.
   * @param maxConnections By default 2.
   */
  constructor(
    url: string,
    onConnectionError: (error: Error) => void,
    deadlines = usualDeadlines,
    maxConnections = usualConnections,
  ) {
    this.#url = url;
    this.#onConnectionError = onConnectionError;
    this.#deadlines = deadlines;
    this.#maxConnections = maxConnections;
    this.#pool = this.#connect();
    this.#kysely = using(this.#pool);
  }

  get pool(): PoolState {
    return this.#pool.state;
  }

  /** Read it for each statement: {@link replace} changes it. */
  get kysely(): Kysely<OutboxDatabase> {
    return this.#kysely;
  }

  /** For the statements of the hot path, one after the other. Ask anew for each, too. */
  get turnConnection(): StatementRunner {
    return this.#pool.turnConnection;
  }

  /** As {@link turnConnection}, for a statement that a customer's trigger may hold up. */
  turnConnectionWithin(bound: Bound): StatementRunner {
    const { turnConnection } = this.#pool;
    return { executeQuery: (query) => turnConnection.executeQuery(query, bound) };
  }

  /**
   * Replaces every connection: after a failover the old ones may lead to a server that is no longer the primary. Gives
   * up all running statements.
   */
  replace(): void {
    if (this.#closed) return;
    const [kysely, pool] = [this.#kysely, this.#pool];
    this.#pool = this.#connect();
    this.#kysely = using(this.#pool);
    end(kysely, pool).catch(() => "A broken connection may fail to close politely.");
  }

  /** Gives up running statements. */
  async close(): Promise<void> {
    this.#closed = true;
    await end(this.#kysely, this.#pool);
  }

  #connect(): ConnectionPool {
    const options = {
      connectionString: this.#url,
      application_name: applicationName,
      max: this.#maxConnections,
      connectionTimeoutMillis: this.#deadlines.connectMs,
      query_timeout: this.#deadlines.statementMs,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
    };
    return new ConnectionPool(options, this.#prepared, this.#onConnectionError);
  }
}

function using(pool: ConnectionPool): Kysely<OutboxDatabase> {
  return new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
}

/** Kysely does not end a pool that it never used. */
async function end(kysely: Kysely<OutboxDatabase>, pool: ConnectionPool): Promise<void> {
  await Promise.all([kysely.destroy(), pool.end()]);
}
