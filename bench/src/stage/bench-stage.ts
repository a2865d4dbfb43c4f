import { createDatabase, type PostgresServer, type TestDatabase } from "@talkme/test-postgres";

import type { Contender } from "../contenders/contender.ts";
import { InstantApi } from "./instant-api.ts";
import { settingsFor, startServer, withDatabase } from "./postgres.ts";

/** Smoke: whether it works at all. Short: minutes. Full: what the documentation shows. */
export type Scale = "smoke" | "short" | "full";

export interface BenchOptions {
  readonly scale: Scale;
  /** Whether commits wait for the disk. */
  readonly durable: boolean;
  /** The folder of another PostgreSQL's programs; null for the embedded one. */
  readonly postgres: string | null;
  readonly rounds: number | null;
  readonly log: (line: string) => void;
}

const defaultRounds: Readonly<Record<Scale, number>> = { smoke: 1, short: 3, full: 5 };

/** What all scenarios share: one server, one instant API, and the scale. */
export class Bench {
  readonly scale: Scale;
  readonly rounds: number;
  readonly concurrency = 64;
  readonly log: (line: string) => void;
  readonly api: InstantApi;
  readonly #options: BenchOptions;
  /** The server's, and the folder of its programs: for scenarios that need a server of their own. */
  readonly settings: Readonly<Record<string, string>>;
  readonly programs: string | null;
  readonly #server: PostgresServer;
  /** Beside the shared one. */
  readonly #ownServers: PostgresServer[] = [];
  readonly #templates: TestDatabase[] = [];
  /** Empty databases with a contender's schema, one each. */
  readonly #migrated = new Map<Contender, TestDatabase>();

  private constructor(options: BenchOptions, server: PostgresServer, api: InstantApi) {
    this.#options = options;
    this.scale = options.scale;
    this.rounds = options.rounds ?? defaultRounds[options.scale];
    this.log = options.log;
    this.settings = settingsFor(options.durable);
    this.programs = options.postgres;
    this.#server = server;
    this.api = api;
  }

  static async open(options: BenchOptions): Promise<Bench> {
    const api = await InstantApi.start();
    try {
      return new Bench(options, await startServer(options.durable, options.postgres), api);
    } catch (error) {
      await api.stop();
      throw error;
    }
  }

  get serverUrl(): string {
    return this.#server.url;
  }

  /** Starts another server like the shared one, which a scenario may stop and start. */
  async startServer(): Promise<PostgresServer> {
    const server = await startServer(this.#options.durable, this.#options.postgres);
    this.#ownServers.push(server);
    return server;
  }

  /** The number for this scale. */
  size(sizes: Readonly<Record<Scale, number>>): number {
    return sizes[this.scale];
  }

  /** A database with a contender's schema to copy for each round; {@link dropTemplates} removes it. */
  async template(contender: Contender, fill: (databaseUrl: string) => Promise<void>): Promise<TestDatabase> {
    const migrated = this.#migrated.get(contender) ?? (await this.#migrate(contender));
    const database = await createDatabase(this.serverUrl, { template: migrated.name });
    this.#templates.push(database);
    await fill(database.url);
    return database;
  }

  /** Runs `work` on a temporary copy of a template. */
  async withCopy<T>(template: TestDatabase, work: (database: TestDatabase) => Promise<T>): Promise<T> {
    return withDatabase(this.serverUrl, template.name, work);
  }

  async #migrate(contender: Contender): Promise<TestDatabase> {
    const database = await createDatabase(this.serverUrl);
    await contender.migrate(database.url);
    this.#migrated.set(contender, database);
    return database;
  }

  async dropTemplates(): Promise<void> {
    for (const database of this.#templates.splice(0)) await database.drop();
  }

  async close(): Promise<void> {
    await this.api.stop();
    await Promise.all([this.#server, ...this.#ownServers].map(async (server) => server.remove()));
  }
}
