import { migrate } from "@talkme/outbox";
import { startSimulator, type FaultRule, type Simulator } from "@talkme/simulator";
import { startEmbeddedServer, type EmbeddedServer, type StartOptions } from "@talkme/test-postgres";
import { Client } from "pg";
import { onTestFinished } from "vitest";

import { withDatabase } from "../../src/commands/with-database.ts";
import { createDaemonLogin } from "./daemon-login.ts";
import { Syncd } from "./syncd.ts";

type Row = Readonly<Record<string, unknown>>;

/** Runs a statement on a new connection. */
export async function ask({ url }: { readonly url: string }, text: string): Promise<readonly Row[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => "The query fails with it.");
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** A PostgreSQL server that only this test uses and may stop, with the outbox in it, and an API. */
export class OwnServer {
  readonly postgres: EmbeddedServer;
  readonly simulator: Simulator;

  private constructor(postgres: EmbeddedServer, simulator: Simulator) {
    this.postgres = postgres;
    this.simulator = simulator;
  }

  static async open(options: StartOptions = {}): Promise<OwnServer> {
    const postgres = await startEmbeddedServer({ inMemory: true, ...options });
    onTestFinished(() => postgres.remove());
    const simulator = await startSimulator();
    onTestFinished(() => simulator.close());
    await withDatabase(postgres.url, (db) => migrate(db), undefined, 3);
    await createDaemonLogin(postgres.url);
    return new OwnServer(postgres, simulator);
  }

  get url(): string {
    return this.postgres.url;
  }

  /** Runs a daemon against it, directly unless a URL is given. */
  run(settings: Readonly<Record<string, string>> = {}, url: string = this.url): Syncd {
    return Syncd.run(url, this.simulator.url, settings);
  }

  faults(...rules: readonly FaultRule[]): void {
    this.simulator.setFaults(rules);
  }

  /** A connection that is closed after the test. */
  async connect(): Promise<Client> {
    const client = new Client({ connectionString: this.url });
    client.on("error", () => "The server was stopped.");
    onTestFinished(() => client.end());
    await client.connect();
    return client;
  }

  /** Runs a statement on a new connection: the server may have changed since the last one. */
  async sql(text: string): Promise<readonly Row[]> {
    return ask(this, text);
  }

  /** Inserts `count` messages to as many people, from number `first` on. */
  async insert(count: number, first = 0): Promise<void> {
    await this.sql(
      `insert into talkme.outbox (numero_dest, id_campanha)
       select '119' || (80000000 + i), 1 from generate_series(${first + 1}, ${first + count}) as i`,
    );
  }

  /** What became of all messages, in the table and at the API; {@link sentOnce} is the expected value. */
  async outcome() {
    const counts = await this.sql("select status, count(*)::integer from talkme.outbox group by status");
    const { ledger } = this.simulator;
    return {
      rows: Object.fromEntries(counts.map((row) => [String(row["status"]), row["count"]])),
      accepted: ledger.size,
      people: ledger.distinctNumbers(),
      notByOneAttempt: await this.sql(
        `select o.id, o.attempts, count(a) as recorded
         from talkme.outbox as o left join talkme.attempt as a on a.outbox_id = o.id
         group by o.id having count(a) <> 1 or o.attempts <> 1`,
      ),
    };
  }
}

/** Each of `rows` messages, to as many people, was sent by one request. */
export function sentOnce(rows: number) {
  return { rows: { sent: rows }, accepted: rows, people: rows, notByOneAttempt: [] };
}

/** What `/readyz` answers. */
export async function readiness(
  syncd: Syncd,
): Promise<{ readonly status: number; readonly reasons: string }> {
  const response = await fetch(`${await syncd.http()}/readyz`);
  const body: unknown = await response.json();
  return { status: response.status, reasons: JSON.stringify(body) };
}
