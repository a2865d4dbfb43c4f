import {
  failUnclaimable,
  rowsOwnFault,
  settleAndClaim,
  type LaneClaim,
  type SettleAndClaimResult,
  type Settlement,
} from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { databaseFault, describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import type { Health } from "../operation/health.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { asciiText } from "../policy/storable-text.ts";
import { aboutRow } from "./row-in-log.ts";
import type { Settler } from "./settler.ts";

export interface IsolateParts {
  readonly database: Database;
  readonly settler: Settler;
  readonly metrics: Metrics;
  readonly health: Pick<Health, "progressed">;
  readonly log: Logger;
}

/**
 * The database has refused a statement for something in it: finds the answer or the row, so that it keeps none of the
 * others waiting.
 *
 * @param claims What that statement would have claimed.
 * @throws what the database says where it has gone away meanwhile; no answer is lost.
 */
export async function isolate(
  parts: IsolateParts,
  instance: string,
  claims: readonly LaneClaim[],
): Promise<void> {
  await settleOneByOne(parts, instance);
  for (const claim of claims) {
    parts.health.progressed();
    for (const row of await failUnclaimable(parts.database.kysely, claim)) {
      const line = { ...aboutRow(row), outcome: null, status: "failed", code: "row_unclaimable" };
      parts.log.error({ ...line, sql_state: row.sqlState }, "a row that no claim can take has failed");
    }
  }
}

async function settleOneByOne(
  { database, settler, metrics, health, log }: IsolateParts,
  instance: string,
): Promise<void> {
  const unsettled = new Set<string>();
  for (const settlement of settler.take(Number.POSITIVE_INFINITY, performance.now())) {
    // On a slow server a thousand of them may take longer than any turn of the loop.
    health.progressed();
    try {
      const { stale, locked, suppressedSettlements, changed } = await settleSomehow(
        settlement,
        async (one, code) => {
          if (code !== null) log.error({ id: one.id, code }, "an answer cannot be stored as it is");
          return settleAndClaim(database.kysely, instance, [one], []);
        },
      );
      metrics.staleSettlements.inc(stale.length);
      if (locked.length + suppressedSettlements.length + changed.length > 0) unsettled.add(settlement.id);
    } catch (error) {
      if (databaseFault(error) === "unreachable") {
        // All of them again: those that were written are found stale.
        settler.restore();
        throw error;
      }
      metrics.databaseErrors.inc();
      log.error({ id: settlement.id, ...describeDatabaseError(error) }, "an answer cannot be stored");
      unsettled.add(settlement.id);
    }
  }
  settler.confirm(unsettled, performance.now());
}

/**
 * Settles a row with its answer; with what is left of that where the database's encoding lacks a character; or, where
 * something in the database refuses the row's new state, as `unknown`.
 *
 * @param settle Told which SQLSTATE made this the next try; null at the first.
 */
async function settleSomehow(
  settlement: Settlement,
  settle: (one: Settlement, code: string | null) => Promise<SettleAndClaimResult>,
): Promise<SettleAndClaimResult> {
  const { response, reference, error } = settlement;
  const tries: readonly [Settlement, ...Settlement[]] = [
    settlement,
    {
      ...settlement,
      response: asciiText(response),
      reference: asciiText(reference),
      error: asciiText(error),
    },
    {
      ...settlement,
      status: "unknown",
      retryInMs: null,
      response: null,
      reference: null,
      errorCode: "answer_refused",
      error: `The row was to become ${settlement.status}, which a trigger or constraint of the database refuses.`,
    },
  ];
  return firstThatHolds(tries, settle, null);
}

async function firstThatHolds(
  [one, ...others]: readonly [Settlement, ...Settlement[]],
  settle: Parameters<typeof settleSomehow>[1],
  code: string | null,
): Promise<SettleAndClaimResult> {
  try {
    return await settle(one, code);
  } catch (refusal) {
    const [next, ...rest] = others;
    const refusedWith = rowsOwnFault(refusal);
    if (next === undefined || refusedWith === null) throw refusal;
    return firstThatHolds([next, ...rest], settle, refusedWith);
  }
}
