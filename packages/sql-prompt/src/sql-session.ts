import { Client, type FieldDef } from "pg";

import { errorText } from "./error-text.ts";
import { resultText, type SqlResult } from "./result-text.ts";

/** The types that PostgreSQL aligns to the right: int8, int2, int4, oid, float4, float8, numeric. */
const numbers: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);

/** As the server writes it, not as JavaScript would. */
const asText = { getTypeParser: () => (text: string) => text };

/** Its data would go nowhere. */
const copiesHere = /^\s*copy\b.*\b(?:stdin|stdout)\b/is;

/** What became of a statement, for a person. */
export interface Executed {
  readonly ok: boolean;
  readonly text: string;
}

/** One connection that executes what a person types. */
export class SqlSession implements AsyncDisposable {
  readonly #url: string;
  readonly #client: Client;
  #pid: number | null = null;
  #lost = false;

  private constructor(url: string, client: Client) {
    this.#url = url;
    this.#client = client;
  }

  /** @param onNotice Gets what the server says beside its results. */
  static async connect(url: string, onNotice: (text: string) => void = () => {}): Promise<SqlSession> {
    const client = new Client({ connectionString: url, application_name: "talkme sql" });
    const session = new SqlSession(url, client);
    client.on("error", () => {
      session.#lost = true;
    });
    client.on("notice", ({ severity = "NOTICE", message = "" }) => onNotice(`${severity}:  ${message}`));
    await client.connect();
    const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
    session.#pid = rows[0]?.pid ?? null;
    return session;
  }

  /** The database, for the prompt. */
  get database(): string {
    return this.#client.database ?? "";
  }

  /** Whether a transaction is open. */
  get transaction(): "none" | "open" | "failed" {
    const status = this.#client.getTransactionStatus();
    return status === "T" ? "open" : status === "E" ? "failed" : "none";
  }

  /** The connection is gone for good. */
  get isLost(): boolean {
    return this.#lost;
  }

  /** Never throws for what the server says. */
  async execute(statement: string): Promise<Executed> {
    if (copiesHere.test(statement)) return { ok: false, text: "ERROR:  COPY to and from here needs psql" };
    try {
      const result = await this.#client.query<(string | null)[]>({
        text: statement,
        rowMode: "array",
        types: asText,
      });
      const all = Array.isArray(result) ? result : [result];
      return { ok: true, text: all.map((one) => resultText(resultOf(one))).join("\n") };
    } catch (error) {
      const lost = this.#lost ? "\nThe connection to the database is lost: start again." : "";
      return { ok: false, text: `${errorText(error, statement)}${lost}` };
    }
  }

  /** Cancels the running statement, from a connection of its own. */
  async cancel(): Promise<void> {
    const other = new Client({ connectionString: this.#url, application_name: "talkme sql" });
    other.on("error", () => {});
    try {
      await other.connect();
      await other.query("select pg_cancel_backend($1)", [this.#pid]);
    } finally {
      await other.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end().catch(() => "it is gone already");
  }
}

interface DriversResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: readonly FieldDef[];
  readonly rows: readonly (readonly (string | null)[])[];
}

function resultOf({ command, rowCount, fields, rows }: DriversResult): SqlResult {
  const columns = fields.map(({ name, dataTypeID }) => ({ name, isNumber: numbers.has(dataTypeID) }));
  return { command, rowCount, columns, rows };
}
