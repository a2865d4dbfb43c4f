import type { OutboxDatabase } from "@talkme/outbox";
import { Kysely, PostgresDialect } from "kysely";
import { Pool } from "pg";

/** The pipeline and its heartbeat, or a count and a task of maintenance: no user has more than two at once. */
const maxConnections = 2;
const connectTimeoutMs = 10_000;

/** No statement of ours takes longer on a server that is well; a longer silence is a lost connection. */
const statementDeadlineMs = 15_000;

/** The daemon's connections. They hold no session state, so that PgBouncer's transaction mode will do. */
export class Database {
  readonly #url: string;
  readonly #onConnectionError: (error: Error) => void;
  #kysely: Kysely<OutboxDatabase>;
  #closed = false;

  /** @param onConnectionError Told of an idle connection that was lost; the pool replaces it by itself. */
  constructor(url: string, onConnectionError: (error: Error) => void) {
    this.#url = url;
    this.#onConnectionError = onConnectionError;
    this.#kysely = this.#connect();
  }

  /** Ask anew for each statement: {@link replace} puts another in its place. */
  get kysely(): Kysely<OutboxDatabase> {
    return this.#kysely;
  }

  /**
   * Drops every connection and starts with new ones. After a time-out or a failover the old ones may answer
   * late, or lead to a server that is no longer the primary.
   */
  replace(): void {
    if (this.#closed) return;
    const old = this.#kysely;
    this.#kysely = this.#connect();
    old.destroy().catch(() => "A connection that is given up may fail to say good-bye.");
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#kysely.destroy();
  }

  #connect(): Kysely<OutboxDatabase> {
    const pool = new Pool({
      connectionString: this.#url,
      application_name: "syncd",
      max: maxConnections,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: statementDeadlineMs,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
    });
    pool.on("error", this.#onConnectionError);
    // The pool listens only while a connection is idle: one that breaks between two statements of its user would
    // end the process. The next statement fails, and says so.
    pool.on("connect", (client) => client.on("error", () => {}));
    return new Kysely<OutboxDatabase>({ dialect: new PostgresDialect({ pool }) });
  }
}
