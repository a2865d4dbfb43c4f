import { startSimulator, type FaultRule, type Simulator } from "@talkme/simulator";
import { createDatabase, startEmbeddedServer, type PostgresServer } from "@talkme/test-postgres";

import { Connection } from "../database/connection.ts";
import { restartServer } from "../disturb/restart-server.ts";
import { terminateBackends } from "../disturb/terminate-backends.ts";
import { daemonSettings } from "../process/daemon-settings.ts";
import { migrate } from "../process/migrate.ts";
import type { Trouble } from "./day.ts";
import { SoakedInstance } from "./soaked-instance.ts";

const calm: readonly FaultRule[] = [{ do: { kind: "latency", ms: 5, jitterMs: 40 } }];

/** Every end of a request, except those that stop the account for half an hour. */
const troubled: readonly FaultRule[] = [
  ...calm,
  // Once a day: each halves the rate for a minute, the length of a day, so that more would add up.
  { match: { probability: 0.01, first: 1 }, do: { kind: "status", status: 429, retryAfterSeconds: 1 } },
  { match: { probability: 0.05 }, do: { kind: "status", status: 503 } },
  { match: { probability: 0.01 }, do: { kind: "status", status: 502 } },
  { match: { probability: 0.01 }, do: { kind: "reset", at: "half", when: "after" } },
  { match: { probability: 0.01 }, do: { kind: "drop", when: "before" } },
  { match: { probability: 0.005 }, do: { kind: "hang", when: "after" } },
  { match: { probability: 0.02 }, do: { kind: "failure", shape: "json-error" } },
  { match: { probability: 0.01 }, do: { kind: "huge", bytes: 200_000, when: "after" } },
];

const downMs = 500;

/** A PostgreSQL, an API and instances of syncd, and what happens to them in the course of a day. */
export class SoakStage implements AsyncDisposable {
  readonly instances: readonly SoakedInstance[];
  readonly #server: PostgresServer;
  readonly #databaseUrl: string;
  readonly #simulator: Simulator;
  readonly #connection: Connection;
  readonly #running: AsyncDisposableStack;
  #numbers = 0;

  private constructor(
    parts: {
      readonly server: PostgresServer;
      readonly databaseUrl: string;
      readonly simulator: Simulator;
      readonly connection: Connection;
      readonly instances: readonly SoakedInstance[];
    },
    running: AsyncDisposableStack,
  ) {
    this.instances = parts.instances;
    this.#server = parts.server;
    this.#databaseUrl = parts.databaseUrl;
    this.#simulator = parts.simulator;
    this.#connection = parts.connection;
    this.#running = running;
  }

  static async open(count: number): Promise<SoakStage> {
    await using running = new AsyncDisposableStack();
    const server = await startEmbeddedServer();
    running.defer(() => server.remove());
    const { url: databaseUrl } = await createDatabase(server.url, { name: "soak" });
    await migrate(databaseUrl);
    const simulator = running.use(await startSimulator({ faults: calm }));
    const connection = running.use(new Connection(databaseUrl, "soak"));
    const settings = daemonSettings({ databaseUrl, apiUrl: simulator.url }, false, {
      TALKME_RATE_PER_SECOND: "400",
    });
    const instances: SoakedInstance[] = [];
    for (let i = 0; i < count; i += 1) instances.push(running.use(await SoakedInstance.start(settings)));
    return new SoakStage({ server, databaseUrl, simulator, connection, instances }, running.move());
  }

  /**
   * Inserts rows of a few campaigns. Ignores failures while the database restarts.
   *
   * @throws The database's error at any other time.
   */
  async insert(rows: number, trouble: Trouble): Promise<void> {
    const from = this.#numbers;
    this.#numbers += rows;
    await this.#connection
      .query(
        `insert into talkme.outbox (numero_dest, id_campanha, info_contato)
         select '119' || (50000000 + i % 50000000), 1 + i % 5,
           case when i % 2 = 0 then '{"nome":"Fulano de tal"}'::jsonb end
         from generate_series($1::integer + 1, $1::integer + $2::integer) as i`,
        [from, rows],
      )
      .catch((error: unknown) => {
        if (trouble !== "database") throw error;
      });
  }

  /** Begins the trouble of a part of the day, and ends the one before. */
  async begin(trouble: Trouble): Promise<void> {
    this.#simulator.setFaults(trouble === "api" ? troubled : calm);
    if (trouble !== "database") return;
    await terminateBackends(this.#connection, null);
    await restartServer(this.#server, this.#databaseUrl, "fast", downMs);
  }

  /** Rows that wait or are on the wire. */
  async unfinished(): Promise<number> {
    return this.#count("status in ('pending', 'sending')");
  }

  /** The connections that an instance holds on average, LISTEN included. */
  async connections(): Promise<number> {
    const [row] = await this.#connection.ask<{ count: number }>(
      "select count(*)::integer as count from pg_stat_activity where application_name like 'syncd%'",
    );
    return (row?.count ?? 0) / this.instances.length;
  }

  async statuses(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.#connection.ask<{ status: string; rows: number }>(
      "select status, count(*)::integer as rows from talkme.outbox group by status order by status",
    );
    return Object.fromEntries(rows.map(({ status, rows: count }) => [status, count]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running.disposeAsync();
  }

  async #count(condition: string): Promise<number> {
    const [row] = await this.#connection.ask<{ count: number }>(
      `select count(*)::integer as count from talkme.outbox where ${condition}`,
    );
    return row?.count ?? 0;
  }
}
