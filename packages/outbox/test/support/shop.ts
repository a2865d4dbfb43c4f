import { randomBytes } from "node:crypto";

import {
  createDatabase,
  installedVersions,
  startEmbeddedServer,
  templateName,
  type TestDatabase,
} from "@talkme/test-postgres";
import { Client, DatabaseError } from "pg";
import { inject, onTestFinished } from "vitest";

import { migrate } from "../../src/index.ts";
import { connect } from "./connect.ts";

/** A server on which shops can be opened. */
export interface ShopServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** The versions to test on: the shared server's, and what else the system has. */
export const versions: readonly { readonly version: string; readonly folder: string | null }[] = [
  { version: "of all tests", folder: null },
  ...installedVersions(),
];

export async function startShopServer(folder: string | null): Promise<ShopServer> {
  if (folder === null) return { url: inject("postgresUrl"), stop: async () => {} };
  const server = await startEmbeddedServer({ binariesFolder: folder, inMemory: true });
  const template = await createDatabase(server.url, { name: templateName });
  const db = connect(template.url);
  await migrate(db);
  await db.destroy();
  return { url: server.url, stop: () => server.remove() };
}

export interface Failure {
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly message: string;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
}

/** One session. */
export class Session {
  readonly #client: Client;

  private constructor(client: Client) {
    this.#client = client;
  }

  static async open(url: string): Promise<Session> {
    const client = new Client({ connectionString: url });
    client.on("error", () => {});
    await client.connect();
    onTestFinished(() => client.end());
    return new Session(client);
  }

  async rows(statement: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    return (await this.#client.query<Record<string, unknown>>(statement, [...values])).rows;
  }

  /** Runs several statements without parameters. */
  async run(statements: string): Promise<void> {
    await this.#client.query(statements);
  }

  /** The first column of the first row. */
  async ask(statement: string, values: readonly unknown[] = []): Promise<unknown> {
    return Object.values((await this.rows(statement, values))[0] ?? {})[0];
  }

  /** PostgreSQL's error for a statement that it refuses. */
  async failure(statement: string, values: readonly unknown[] = []): Promise<Failure> {
    try {
      await this.#client.query(statement, [...values]);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      const { code, constraint, message, detail, hint } = error;
      return { code, constraint, message, detail, hint };
    }
    throw new Error(`It was not refused: ${statement} with ${JSON.stringify(values)}`);
  }

  /** Calls talkme.capture with these arguments. */
  async capture(
    source: string,
    condition: string | null,
    map: unknown,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<string> {
    return String(await this.ask(...captureCall(source, condition, map, settings)));
  }

  async captureFailure(
    source: string,
    condition: string | null,
    map: unknown,
    settings: Readonly<Record<string, unknown>> = {},
  ): Promise<Failure> {
    return this.failure(...captureCall(source, condition, map, settings));
  }
}

function captureCall(
  source: string,
  condition: string | null,
  map: unknown,
  settings: Readonly<Record<string, unknown>>,
): [string, unknown[]] {
  const named = Object.keys(settings).map((name, i) => `, ${name} => $${i + 4}`);
  return [
    `select talkme.capture($1, $2, $3${named.join("")})`,
    [source, condition, JSON.stringify(map), ...Object.values(settings)],
  ];
}

/**
 * A customer's database with the outbox: the table app.orders, whose owner may insert into the outbox, and an
 * application that may only change orders.
 */
export class Shop {
  readonly url: string;
  readonly ownerUrl: string;
  readonly admin: Session;
  readonly owner: Session;
  readonly application: Session;
  readonly ownerName: string;
  readonly applicationName: string;

  private constructor(
    url: string,
    ownerUrl: string,
    sessions: readonly [Session, Session, Session],
    names: readonly [string, string],
  ) {
    this.url = url;
    this.ownerUrl = ownerUrl;
    [this.admin, this.owner, this.application] = sessions;
    [this.ownerName, this.applicationName] = names;
  }

  /** Dropped after the test, with its roles. */
  static async open(server: ShopServer): Promise<Shop> {
    // A letter in the middle, because eight digits in a row would look like a telephone number.
    const suffix = randomBytes(4).toString("hex").replace(/^.{4}/, "$&x");
    const [owner, application] = [`shop_owner_${suffix}`, `shop_app_${suffix}`] as const;
    const database = await createDatabase(server.url, { template: templateName });
    dropAtTheEnd(server, database, [owner, application]);
    const admin = await Session.open(database.url);
    await admin.run(`
      create role ${owner} login password 'postgres';
      create role ${application} login password 'postgres';
      grant talkme_producer to ${owner};
      create schema app authorization ${owner};
      set role ${owner};
      create table app.orders (
        id bigint primary key, status text not null default 'new', phone text, customer text, total numeric,
        "Odd ""$talkme$ %s name" text, email text
      );
      grant usage on schema app to ${application};
      grant select, insert, update, delete on app.orders to ${application};
      reset role;
      alter role ${owner} in database ${database.name} set search_path = app;
      alter role ${application} in database ${database.name} set search_path = app;`);
    const as = (name: string): string => {
      const url = new URL(database.url);
      url.username = name;
      return url.href;
    };
    return new Shop(
      database.url,
      as(owner),
      [admin, await Session.open(as(owner)), await Session.open(as(application))],
      [owner, application],
    );
  }

  async messages(): Promise<Record<string, unknown>[]> {
    return this.admin.rows("select * from talkme.outbox order by id");
  }
}

/** Roles belong to the server: they can be dropped after the database. */
function dropAtTheEnd(server: ShopServer, database: TestDatabase, roles: readonly string[]): void {
  onTestFinished(async () => {
    await database.drop();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    for (const role of roles) await client.query(`drop role if exists ${role}`);
    await client.end();
  });
}

/** The map of most tests. */
export const shippedMap = {
  numero_dest: "phone",
  id_campanha: 123456,
  "info_contato.nome": "customer",
  "info_contato.geral1": "to_char(total, 'FM999G990D00')",
  dedupe_key: "'order ' || id",
};
