import { createHash } from "node:crypto";

import { DatabaseError } from "pg";

/** Another connection of the server was lent by a pooler: it does not know the name, or knows it from somebody else. */
const poolerStates: ReadonlySet<string> = new Set(["26000", "42P05"]);

/** A migration has changed what it returns. */
const changedState = "0A000";

/**
 * Statements that are sent again and again, prepared under a name on each connection: the server parses and plans them once.
 * A pooler in transaction mode lends another connection for each statement, and not every one takes the names along: where it
 * does not, they are prepared no more.
 */
export class PreparedStatements {
  readonly #names: Map<string, string>;

  constructor(texts: Iterable<string>) {
    this.#names = new Map([...texts].map((text) => [text, nameOf(text)]));
  }

  nameOf(text: string): string | undefined {
    return this.#names.get(text);
  }

  /** Whether an error says that the name was no good on this connection. Nothing was carried out then. */
  isRefused(error: unknown): boolean {
    if (!(error instanceof DatabaseError)) return false;
    const state = error.code ?? "";
    if (poolerStates.has(state)) this.#names.clear();
    return poolerStates.has(state) || state === changedState;
  }
}

/**
 * The function that it calls, for people who look into `pg_prepared_statements`; and of its text, because two versions of a
 * program behind one pooler must not take one another's.
 */
function nameOf(text: string): string {
  const [called] = /talkme\.\w+/.exec(text) ?? ["talkme"];
  return `${called} ${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}
