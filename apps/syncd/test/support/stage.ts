import { startSimulator, type FaultRule, type Simulator, type SimulatorOptions } from "@talkme/simulator";
import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { Client } from "pg";
import { onTestFinished, vi } from "vitest";

import { Syncd } from "./syncd.ts";

type Row = Readonly<Record<string, unknown>>;

/** A test's own database, API and psql. */
export class Stage {
  readonly databaseUrl: string;
  readonly simulator: Simulator;
  readonly #client: Client;

  private constructor(databaseUrl: string, simulator: Simulator, client: Client) {
    this.databaseUrl = databaseUrl;
    this.simulator = simulator;
    this.#client = client;
  }

  static async open(options: SimulatorOptions = {}): Promise<Stage> {
    const database = await cloneDatabase();
    const simulator = await startSimulator(options);
    const client = new Client({ connectionString: database.url });
    client.on("error", () => {});
    await client.connect();
    onTestFinished(async () => {
      await client.end();
      await simulator.close();
      await database.drop();
    });
    return new Stage(database.url, simulator, client);
  }

  run(settings: Readonly<Record<string, string>> = {}): Syncd {
    return Syncd.run(this.databaseUrl, this.simulator.url, settings);
  }

  faults(...rules: readonly FaultRule[]): void {
    this.simulator.setFaults(rules);
  }

  /** Opens another connection, to this database unless a URL is given; it is closed after the test. */
  async connect(url = this.databaseUrl): Promise<Client> {
    const client = new Client({ connectionString: url });
    onTestFinished(() => client.end());
    await client.connect();
    return client;
  }

  async sql(text: string): Promise<readonly Row[]> {
    return (await this.#client.query<Row>(text)).rows;
  }

  /** Inserts one message; `columns` and `values` are SQL beyond the number and the campaign. */
  async insert(numero: string, columns = "", values = ""): Promise<string> {
    const extra = { columns: columns && `, ${columns}`, values: values && `, ${values}` };
    const rows = await this.sql(
      `insert into talkme.outbox (numero_dest, id_campanha${extra.columns}) values ('${numero}', 1${extra.values}) returning id`,
    );
    return String(rows[0]?.["id"]);
  }

  /** Inserts `count` messages of a campaign, each to a different number. */
  async insertMany(campaign: number, count: number): Promise<void> {
    await this.sql(`
      insert into talkme.outbox (numero_dest, id_campanha)
      select '119' || ${campaign % 10} || lpad(i::text, 7, '0'), ${campaign} from generate_series(1, ${count}) as i`);
  }

  /** Inserts `count` messages to different numbers in one statement, a third in each of three campaigns. */
  async insertSpread(count: number): Promise<void> {
    await this.sql(`
      insert into talkme.outbox (numero_dest, id_campanha)
      select '119' || (80000000 + i), 1 + i % 3 from generate_series(1, ${count}) as i`);
  }

  async row(id: string): Promise<Row> {
    return (await this.sql(`select * from talkme.outbox where id = ${id}`))[0] ?? {};
  }

  /** Waits until the row has the status. */
  async reaches(id: string, status: string): Promise<Row> {
    return vi.waitFor(
      async () => {
        const row = await this.row(id);
        if (row["status"] !== status) throw new Error(`Row ${id} is not ${status}: ${JSON.stringify(row)}`);
        return row;
      },
      { timeout: 30_000 },
    );
  }

  async count(condition: string): Promise<number> {
    return Number((await this.sql(`select count(*) from talkme.outbox where ${condition}`))[0]?.["count"]);
  }
}
