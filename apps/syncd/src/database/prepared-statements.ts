import { createHash } from "node:crypto";

import { blamedFunction } from "@talkme/outbox/daemon";
import { DatabaseError } from "pg";

/** What a server says that would have carried out the same statement without its name. */
const reasons: ReadonlySet<string> = new Set([
  "26000", // a pooler has lent another connection, which does not know it,
  "42P05", // or knows it from somebody else
  "0A000", // a migration has changed what it returns,
  "42883", // or what it takes
]);

/**
 * Statements that are sent again and again, prepared under a name on each connection: the server parses and plans them once.
 * A pooler in transaction mode lends another connection for each statement, and not every one takes the names along: where it
 * does not, they are prepared no more, until the program starts anew.
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
   * Gives up all names where one of them may be the reason of an error. Nothing was carried out then.
   *
   * @returns Whether it may.
   */
  giveUpAfter(error: unknown): boolean {
    // Raised in a function of a customer's, it is about that.
    const isReason =
      error instanceof DatabaseError && reasons.has(error.code ?? "") && blamedFunction(error) === null;
    if (isReason) this.#names.clear();
    return isReason;
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
