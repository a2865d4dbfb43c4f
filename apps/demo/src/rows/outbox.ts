import type { Status } from "@talkme/outbox";
import { Client, escapeIdentifier } from "pg";

/** A row as the demonstration reads it. */
export interface OutboxRow {
  readonly id: string;
  readonly status: Status;
  readonly attempts: number;
  readonly reference: string | null;
  readonly errorCode: string | null;
  readonly error: string | null;
  /** From the insert to the end; null before that. */
  readonly tookMs: number | null;
  /** Until the next try; null if none is planned. */
  readonly retryInMs: number | null;
}

const selectRow = `
  select
    id, status, attempts, reference, error_code as "errorCode", error,
    (extract(epoch from finished_at - created_at) * 1000)::double precision as "tookMs",
    case when status = 'pending'
      then (extract(epoch from retry_at - clock_timestamp()) * 1000)::double precision
    end as "retryInMs"
  from talkme.outbox`;

/** A look at more would be no look. */
const mostRows = 500;

/** The outbox table by SQL, like a producer. */
export class Outbox implements AsyncDisposable {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async connect(databaseUrl: string): Promise<Outbox> {
    const client = new Client({ connectionString: databaseUrl, application_name: "demo" });
    // A lost connection makes the next statement fail; without a listener it would end the process.
    client.on("error", () => {});
    await client.connect();
    return new Outbox(client);
  }

  async serverVersion(): Promise<string> {
    const { rows } = await this.#client.query<{ server_version: string }>("show server_version");
    return rows[0]?.server_version ?? "unknown";
  }

  /**
   * Runs an insert unchanged.
   *
   * @returns The number of rows inserted.
   * @throws pg's DatabaseError if PostgreSQL refuses it.
   */
  async insert(sql: string): Promise<number> {
    const { rowCount } = await this.#client.query(sql);
    return rowCount ?? 0;
  }

  /** The row to this recipient, or null. @throws if there are several. */
  async rowTo(numeroDest: string): Promise<OutboxRow | null> {
    const { rows } = await this.#client.query<OutboxRow>(`${selectRow} where numero_dest = $1`, [numeroDest]);
    if (rows.length > 1) throw new Error(`There are ${rows.length} rows to ${numeroDest}; expected one.`);
    return rows[0] ?? null;
  }

  /** The newest rows after this one, the oldest first. */
  async rowsAfter(id: string): Promise<readonly OutboxRow[]> {
    const { rows } = await this.#client.query<OutboxRow>(
      `${selectRow} where id > $1 order by id desc limit ${mostRows}`,
      [id],
    );
    return rows.toReversed();
  }

  /** The id of the newest row; 0 if there is none. */
  async lastId(): Promise<string> {
    const { rows } = await this.#client.query<{ id: string }>(
      "select coalesce(max(id), 0)::text as id from talkme.outbox",
    );
    return rows[0]?.id ?? "0";
  }

  /** Why a row has not been sent, in a sentence. */
  async explain(id: string): Promise<string> {
    const { rows } = await this.#client.query<{ why: string | null }>("select talkme.explain($1) as why", [
      id,
    ]);
    return rows[0]?.why ?? "";
  }

  /** Gives a login the privileges of a role. */
  async grant(role: string, login: string): Promise<void> {
    await this.#client.query(`grant ${escapeIdentifier(role)} to ${escapeIdentifier(login)}`);
  }

  async countRows(): Promise<number> {
    const { rows } = await this.#client.query<{ rows: number }>(
      "select count(*)::integer as rows from talkme.outbox",
    );
    return rows[0]?.rows ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}
