import { actAsConsole, becomePerson, type Access, type Person } from "@talkme/outbox/console";
import type { Context, Handler } from "hono";

import type { Database } from "../database/database.ts";
import { languageOf } from "../language/languages.ts";
import { wordsOf } from "../language/words.ts";
import { layout } from "../look/layout.ts";
import type { Identify } from "../persons/identify.ts";
import { takeNotice, writeNotice } from "./notice-cookie.ts";
import type { Done, PageContent, PersonRequest } from "./person-request.ts";
import { NoAccess, NotLoggedIn } from "./refusals.ts";

/** The longest that a statement of a page may take, and one that changes many rows. */
const statementMs: Readonly<Record<Access, number>> = { "read only": 5000, "read write": 60_000 };

export interface PersonRequestsOptions {
  readonly database: Database;
  readonly identify: Identify;
  readonly canLogOut: boolean;
}

/** Undoes the transaction of an action. */
class Undone extends Error {
  readonly person: Person;
  readonly page: PageContent;

  constructor(person: Person, page: PageContent) {
    super("undone");
    this.person = person;
    this.page = page;
  }
}

/**
 * Serves a request as the person who makes it: one transaction, with that person's role and a time limit for each statement, which
 * changes nothing unless the request is an action. What the role may not do, PostgreSQL refuses, whatever a page offers.
 */
export class PersonRequests {
  readonly #options: PersonRequestsOptions;

  constructor(options: PersonRequestsOptions) {
    this.#options = options;
  }

  /** A page, which changes nothing. */
  reading(page: (request: PersonRequest) => Promise<PageContent>): Handler {
    return async (context) => {
      const { person, result } = await this.#as(context, "read only", page);
      return this.#answer(context, person, result);
    };
  }

  /** An action: done as a whole, or not at all. */
  acting(act: (request: PersonRequest) => Promise<Done>): Handler {
    return async (context) => {
      try {
        const { person, result } = await this.#as(context, "read write", async (request) => {
          const done = await act(request);
          if (done.kind === "undone") throw new Undone(request.person, done.page);
          return done;
        });
        if (result.kind === "shown") return await this.#answer(context, person, result.page);
        if (result.said !== null) writeNotice(context, result.said);
        return context.redirect(result.to, 303);
      } catch (error) {
        if (error instanceof Undone)
          return this.#answer(context, error.person, { status: 422, ...error.page });
        throw error;
      }
    };
  }

  /** Who makes a request, for work that comes before or after its transaction. */
  async person(context: Context): Promise<Person> {
    const { person } = await this.#as(context, "read only", () => Promise.resolve(null));
    return person;
  }

  async #as<Result>(
    context: Context,
    access: Access,
    work: (request: PersonRequest) => Promise<Result>,
  ): Promise<{ readonly person: Person; readonly result: Result }> {
    const words = wordsOf(languageOf(context));
    return this.#options.database.db.transaction().execute(async (db) => {
      await actAsConsole(db, statementMs[access]);
      const name = await this.#options.identify(context, db);
      if (name === null) throw new NotLoggedIn();
      const person = await becomePerson(db, name, access, words.language);
      if (person === null) throw new NoAccess(name);
      return { person, result: await work({ context, db, person, words }) };
    });
  }

  async #answer(
    context: Context,
    person: Person,
    { title, body, status = 200 }: PageContent,
  ): Promise<Response> {
    const words = wordsOf(languageOf(context));
    const { canLogOut } = this.#options;
    const { path } = context.req;
    const notice = takeNotice(context);
    return context.html(layout({ title, body, words, person, path, notice, canLogOut }), status);
  }
}
