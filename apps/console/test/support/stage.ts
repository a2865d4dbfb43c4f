import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { Client } from "pg";
import { onTestFinished } from "vitest";

import { ConsoleProcess } from "./console-process.ts";
import { createPeople, type PersonName } from "./people.ts";

interface StageOptions {
  readonly settings?: Readonly<Record<string, string>>;
  /** What ends the stage; by default the test. */
  readonly onEnd?: (end: () => Promise<void>) => void;
}

/** A database with people, and a console that serves it. By default it believes a header, as behind a proxy. */
export class Stage {
  readonly console: ConsoleProcess;
  readonly consoleUrl: string;
  readonly ownerUrl: string;
  readonly #owner: Client;

  private constructor(consoleProcess: ConsoleProcess, consoleUrl: string, ownerUrl: string, owner: Client) {
    this.console = consoleProcess;
    this.consoleUrl = consoleUrl;
    this.ownerUrl = ownerUrl;
    this.#owner = owner;
  }

  static async open({ settings = byHeader, onEnd = onTestFinished }: StageOptions = {}): Promise<Stage> {
    const database = await cloneDatabase();
    const consoleUrl = await createPeople(database.url);
    const owner = new Client({ connectionString: database.url });
    owner.on("error", () => {});
    await owner.connect();
    const consoleProcess = await ConsoleProcess.open({
      TALKME_CONSOLE_DATABASE_URL: consoleUrl,
      ...settings,
    });
    onEnd(async () => {
      await consoleProcess.stop();
      await owner.end();
      await database.drop();
    });
    return new Stage(consoleProcess, consoleUrl, database.url, owner);
  }

  /** As the owner of the schema. */
  async sql(statement: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
    const { rows } = await this.#owner.query<Record<string, unknown>>(statement, [...values]);
    return rows;
  }

  /** The first column of the first row. */
  async ask(statement: string): Promise<unknown> {
    const [row = {}] = await this.sql(statement);
    return Object.values(row)[0];
  }

  /** Asks for a page as somebody whom the proxy knows. */
  async get(path: string, person: PersonName): Promise<Response> {
    return fetch(`${this.console.url}${path}`, {
      headers: { "x-forwarded-user": person },
      redirect: "manual",
    });
  }

  /** Sends a form as a browser does that shows one of our pages. */
  async post(
    path: string,
    person: PersonName,
    form: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return fetch(`${this.console.url}${path}`, {
      method: "POST",
      headers: { "x-forwarded-user": person, origin: this.console.url },
      body: new URLSearchParams(form),
      redirect: "manual",
    });
  }
}

/** Tests are the proxy. */
export const byHeader = {
  TALKME_CONSOLE_LOGIN: "proxy",
  TALKME_CONSOLE_PROXY_ADDRESSES: "127.0.0.1",
} as const;
