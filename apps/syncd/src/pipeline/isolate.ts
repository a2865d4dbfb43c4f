import { failUnclaimable, settleAndClaim, type LaneClaim, type Settlement } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { databaseFault, describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import type { Metrics } from "../operation/metrics.ts";
import { asciiText } from "../policy/storable-text.ts";
import type { Settler } from "./settler.ts";

export interface IsolateParts {
  readonly database: Database;
  readonly settler: Settler;
  readonly metrics: Metrics;
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
    for (const { id, sqlState } of await failUnclaimable(parts.database.kysely, claim)) {
      parts.log.error({ id, code: sqlState }, "a row that no claim can take has failed");
    }
  }
}

async function settleOneByOne(
  { database, settler, metrics, log }: IsolateParts,
  instance: string,
): Promise<void> {
  const settle = (one: Settlement) => settleAndClaim(database.kysely, instance, [one], []);
  const unsettled = new Set<string>();
  for (const settlement of settler.take(performance.now())) {
    try {
      const result = await settle(settlement).catch((error: unknown) => {
        if (databaseFault(error) === "unreachable") throw error;
        const problem = describeDatabaseError(error);
        log.error(
          { id: settlement.id, ...problem },
          "an answer cannot be stored as it is: without its accents",
        );
        return settle({
          ...settlement,
          response: asciiText(settlement.response),
          reference: asciiText(settlement.reference),
          error: asciiText(settlement.error),
        });
      });
      metrics.staleSettlements.inc(result.stale.length);
      if (result.locked.length > 0) unsettled.add(settlement.id);
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
