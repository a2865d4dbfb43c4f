import { memberUrl } from "@talkme/test-postgres";
import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { sql, type Kysely } from "kysely";
import { onTestFinished } from "vitest";

import {
  registerInstance,
  settleAndClaim,
  type ClaimedRow,
  type LaneClaim,
  type SettleAndClaimResult,
  type Settlement,
} from "../../src/daemon.ts";
import type { OutboxDatabase, OutboxTable } from "../../src/index.ts";
import { connect } from "./connect.ts";

type Row = { [Column in keyof OutboxTable]: unknown } & { readonly id: string; readonly status: string };

/** A test's own migrated database, and what tests often ask of it. */
export class TestOutbox {
  readonly url: string;
  /** As the owner, a DBA. */
  readonly db: Kysely<OutboxDatabase>;
  /** As a member of talkme_daemon only, like syncd's login. */
  readonly daemon: Kysely<OutboxDatabase>;

  private constructor(url: string, daemonUrl: string) {
    this.url = url;
    this.db = connect(url);
    this.daemon = connect(daemonUrl);
  }

  /** Dropped after the test. */
  static async open(): Promise<TestOutbox> {
    const database = await cloneDatabase();
    const outbox = new TestOutbox(database.url, await memberUrl(database.url, "talkme_daemon"));
    onTestFinished(async () => {
      await outbox.db.destroy();
      await outbox.daemon.destroy();
      await database.drop();
    });
    return outbox;
  }

  /** Inserts as a DBA would: `columns` and `values` are SQL. Returns the ids. */
  async insert(columns: string, values: string): Promise<readonly string[]> {
    const { rows } = await sql<{ id: string }>`
      insert into talkme.outbox (${sql.raw(columns)}) ${sql.raw(values)} returning id
    `.execute(this.db);
    return rows.map(({ id }) => id);
  }

  /** Inserts `count` messages of campaign 1, due for a second, a microsecond apart. */
  async insertDue(count: number): Promise<readonly string[]> {
    const due = "now() - interval '1 second' + i * interval '1 microsecond'";
    return this.insert(
      "numero_dest, id_campanha, send_at",
      `select '11988887777', 1, ${due} from generate_series(1, ${count}) as i`,
    );
  }

  async row(id: string): Promise<Row> {
    const { rows } = await sql<Row>`select * from talkme.outbox where id = ${id}`.execute(this.db);
    const row = rows[0];
    if (row === undefined) throw new Error(`There is no row ${id}.`);
    return row;
  }

  /** The first column of a query's first row. */
  async ask(query: string): Promise<unknown> {
    const { rows } = await sql<Record<string, unknown>>`${sql.raw(query)}`.execute(this.db);
    return Object.values(rows[0] ?? {})[0];
  }

  async register(name: string, leaseSeconds = 30): Promise<void> {
    await registerInstance(this.daemon, { name, version: "0.0.0", host: "test", pid: 1, leaseSeconds });
  }

  /** Claims from campaign 1 of the default account by default. */
  async claim(instance: string, claim: Partial<LaneClaim> = {}): Promise<readonly ClaimedRow[]> {
    return (await settleAndClaim(this.daemon, instance, [], [wishFor(claim)])).claimed;
  }

  async settle(settlements: readonly Settlement[]): Promise<SettleAndClaimResult> {
    return settleAndClaim(this.daemon, "settles only", settlements, []);
  }
}

/** A wish for rows of campaign 1 of the default account while its circuit is closed. */
export function wishFor(changes: Partial<LaneClaim> = {}): LaneClaim {
  return {
    lane: "default/1/-",
    priority: 0,
    after: null,
    limit: 10,
    account: "default",
    alarms: 0,
    trial: false,
    restricted: false,
    scan: 0,
    rules: null,
    ...changes,
  };
}

/** The settlement of a row, accepted by default. */
export function settlementOf(
  row: ClaimedRow,
  claimedBy: string,
  changes: Partial<Settlement> = {},
): Settlement {
  return {
    id: row.id,
    claim: row.claim,
    fence: row.fence,
    seal: row.seal,
    claimedBy,
    status: "sent",
    retryInMs: null,
    refundAttempt: false,
    httpStatus: 200,
    reference: "100000000001",
    response: "100000000001",
    errorCode: null,
    error: null,
    attempt: { account: row.account, action: "simples", outcome: "accepted", ageMs: 40, durationMs: 30 },
    ...changes,
  };
}
