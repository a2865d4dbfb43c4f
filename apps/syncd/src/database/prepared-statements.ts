import { createHash } from "node:crypto";

import { blamedFunction } from "@talkme/outbox/daemon";
import { DatabaseError } from "pg";

/** Errors that the same statement without its name would not have met. */
const reasons: ReadonlySet<string> = new Set([
  "26000", // a pooler lent another connection, which does not know it,
  "42P05", // or knows it from another client
  "0A000", // a migration changed what it returns,
  "42883", // or what it takes
]);

/**
 * Prepares frequent statements under a name on each connection, so that the server parses and plans them once. A pooler in
 * transaction mode may lend another connection for each statement, and not every pooler carries the names along; if it
 * does not, nothing is prepared until the program restarts.
 */
export class PreparedStatements {
  readonly #names: Map<string, string>;

  constructor(texts: Iterable<string>) {
    this.#names = new Map([...texts].map((text) => [text, nameOf(text)]));
  }

  nameOf(text: string): string | undefined {
    return this.#names.get(text);
  }

  /**
   * Gives up all names if one of them may have caused the error; the statement did nothing then.
   *
   * @returns Whether it did.
   */
  giveUpAfter(error: unknown): boolean {
    // Raised in a customer's function, it is about that function.
    const isReason =
      error instanceof DatabaseError && reasons.has(error.code ?? "") && blamedFunction(error) === null;
    if (isReason) this.#names.clear();
    return isReason;
  }
}

/**
 * The function that it calls, for readers of `pg_prepared_statements`, and a hash of its text, because two versions of
 * syncd behind one pooler must not share a name.
 */
function nameOf(text: string): string {
  const [called] = /talkme\.\w+/.exec(text) ?? ["talkme"];
  return `${called} ${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
}
