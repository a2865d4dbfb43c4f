import { memberUrl } from "@talkme/test-postgres";
import { cloneDatabase } from "@talkme/test-postgres/vitest";
import { sql, type Kysely } from "kysely";
import { onTestFinished } from "vitest";

import {
  expireOverdue,
  registerInstance,
  reclaim,
  rescueFromDeadInstances,
  sendHeartbeat,
  settleAndClaim,
  unregisterInstance,
  type LaneClaim,
  type Settlement,
} from "../../src/daemon.ts";
import type { OutboxDatabase } from "../../src/index.ts";
import { connect } from "../support/connect.ts";
import { wishFor } from "../support/outbox.ts";
import type { TableImage } from "./model.ts";
import type { Answer, Wish } from "./predict-turn.ts";

/** The daemon's own statements, which the property tests. A test may replace one with a faulty version. */
export const daemonStatements = {
  settleAndClaim,
  rescueFromDeadInstances,
  reclaim,
  expireOverdue,
  registerInstance,
  unregisterInstance,
  sendHeartbeat,
};

export type Statements = typeof daemonStatements;

/** The table itself, emptied between runs. */
export class RealOutbox {
  /** For everybody else. */
  readonly db: Kysely<OutboxDatabase>;
  /** As a member of talkme_daemon, like syncd. */
  readonly daemon: Kysely<OutboxDatabase>;
  readonly statements: Statements;

  private constructor(url: string, daemonUrl: string, statements: Statements) {
    this.db = connect(url);
    this.daemon = connect(daemonUrl);
    this.statements = statements;
  }

  /** Dropped after the test. */
  static async open(statements: Statements = daemonStatements): Promise<RealOutbox> {
    const database = await cloneDatabase();
    const outbox = new RealOutbox(database.url, await memberUrl(database.url, "talkme_daemon"), statements);
    onTestFinished(async () => {
      await outbox.db.destroy();
      await outbox.daemon.destroy();
      await database.drop();
    });
    return outbox;
  }

  async empty(): Promise<void> {
    for (const table of ["outbox", "attempt", "instance"]) await this.run(`delete from talkme.${table}`);
    await this.run("alter table talkme.outbox alter column id restart");
  }

  async run(statement: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await sql<Record<string, unknown>>`${sql.raw(statement)}`.execute(this.db)).rows;
  }

  /** Changes rows in one transaction, past the insert checks. */
  async runUnchecked(...statements: readonly string[]): Promise<void> {
    await this.db.transaction().execute(async (transaction) => {
      for (const statement of ["set local session_replication_role = replica", ...statements]) {
        await sql.raw(statement).execute(transaction);
      }
    });
  }

  /** Runs something while somebody else has locked a row. */
  async whileLocked<Result>(id: string | null, work: () => Promise<Result>): Promise<Result> {
    if (id === null) return work();
    return this.db.transaction().execute(async (transaction) => {
      await sql`select from talkme.outbox where id = ${id} for update`.execute(transaction);
      return work();
    });
  }

  /** Reads everything that the model predicts at once. */
  async look(): Promise<TableImage> {
    const { rows } = await sql<TableImage>`
      select
        coalesce((select json_agg(json_build_object(
          'id', id::text, 'status', status, 'attempts', attempts, 'fence', fence, 'claimedBy', claimed_by, 'claim', claim,
          'finished', finished_at is not null, 'retries', retry_at is not null, 'errorCode', error_code
        ) order by id) from talkme.outbox), '[]') as rows,
        coalesce((select json_object_agg(claim, times) from (
          select concat_ws(':', outbox_id, claim, instance) as claim, count(*) as times from talkme.attempt group by 1
        ) as recorded), '{}') as recorded,
        coalesce((select json_agg(name order by name) from talkme.instance), '[]') as instances
    `.execute(this.db);
    const [image] = rows;
    if (image === undefined) throw new Error("The database did not answer.");
    return image;
  }
}

/** A daemon's wish for a campaign's lane while the circuit is closed. */
export function laneClaimOf({ campaign, priority, limit }: Wish): LaneClaim {
  return wishFor({ lane: `default/${campaign}/-`, priority, limit });
}

/** @param index Gives the attempts of one statement different start times, like real ones. */
export function settlementOf(answer: Answer, index: number): Settlement {
  const { id, claim, fence, seal, claimedBy, status, retryInMinutes, refund, recorded, errorCode } = answer;
  return {
    id,
    claim,
    fence,
    seal,
    claimedBy,
    status,
    retryInMs: retryInMinutes === null ? null : retryInMinutes * 60_000,
    refundAttempt: refund,
    httpStatus: null,
    reference: null,
    response: null,
    errorCode,
    error: null,
    attempt: recorded
      ? { account: "default", action: "simples", outcome: "unknown", ageMs: index, durationMs: 0 }
      : null,
  };
}
