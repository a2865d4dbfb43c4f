import type { OutboxDatabase } from "@talkme/outbox";
import { frequentStatements, type StatementRunner } from "@talkme/outbox/daemon";
import { Kysely, PostgresDialect } from "kysely";

import { ConnectionPool, type PoolState } from "./connection-pool.ts";
import type { Bound } from "./turn-connection.ts";
import { PreparedStatements } from "./prepared-statements.ts";

/**
 * Of each pool but the pipeline's: a count and a task of maintenance, say. More of them than two wait for one another: what measures and tidies up
 * must not become the load.
 */
const usualConnections = 2;

/** How people and {@link LockWatch} find the daemon's connections. */
export const applicationName = "syncd";

/** How long anything may take that is asked of the database. */
export interface Deadlines {
  readonly connectMs: number;
  /** A longer silence is taken for a lost connection. */
  readonly statementMs: number;
}

/** No statement of ours takes longer on a server that is well. */
export const usualDeadlines: Deadlines = { connectMs: 10_000, statementMs: 15_000 };

/**
 * The daemon's connections. They need no session state, so that PgBouncer's transaction mode will do. A statement
 * that is given up takes its connection with it, and is cancelled in the server as far as that can be reached.
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
   * @param onConnectionError Told of an idle connection that was lost; the pool replaces it by itself.
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

  /** Ask anew for each statement: {@link replace} puts another in its place. */
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
   * Drops every connection and starts with new ones: after a failover they may lead to a server that is no longer
   * the primary. Statements that are under way are given up, whoever waits for them.
   */
  replace(): void {
    if (this.#closed) return;
    const [kysely, pool] = [this.#kysely, this.#pool];
    this.#pool = this.#connect();
    this.#kysely = using(this.#pool);
    end(kysely, pool).catch(() => "A connection that is given up may fail to say good-bye.");
  }

  /** Gives up statements that are under way. */
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

/** Kysely ends no pool that it has not used. */
async function end(kysely: Kysely<OutboxDatabase>, pool: ConnectionPool): Promise<void> {
  await Promise.all([kysely.destroy(), pool.end()]);
}
