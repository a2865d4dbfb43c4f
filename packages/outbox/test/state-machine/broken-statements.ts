import { CompiledQuery } from "kysely";

import { reclaim, rescueFromDeadInstances, settleAndClaim } from "../../src/daemon.ts";
import { daemonStatements, type Statements } from "./real-outbox.ts";

/** Faulty versions of the daemon's statements. The property has to find each. */
export const brokenStatements: Readonly<Record<string, Statements>> = {
  "settles a row whatever has become of it since the claim": {
    ...daemonStatements,
    settleAndClaim: async (db, instance, settlements, claims, slots, options) => {
      const { rows } = await db.executeQuery<{ id: string; claim: number | null; claimed_by: string | null }>(
        CompiledQuery.raw("select id, abs(claim)::integer as claim, claimed_by from talkme.outbox"),
      );
      const unfenced = settlements.map((settlement) => {
        const row = rows.find(({ id }) => id === settlement.id);
        const claimedBy = row?.claimed_by ?? settlement.claimedBy;
        return { ...settlement, claim: row?.claim ?? settlement.claim, claimedBy };
      });
      return settleAndClaim(db, instance, unfenced, claims, slots, options);
    },
  },
  "claims a row more than there is room for": {
    ...daemonStatements,
    settleAndClaim: async (db, instance, settlements, claims, slots, options) => {
      const greedy = claims.map((claim) => ({ ...claim, limit: claim.limit + 1 }));
      return settleAndClaim(db, instance, settlements, greedy, slots, options);
    },
  },
  "gives back what it has dispatched": {
    ...daemonStatements,
    reclaim: async (db, instance, known) =>
      reclaim(db, instance, { ...known, lost: [{ first: 1, last: known.last + 1 }] }),
  },
  "sends what may have been sent once more than the row allows": {
    ...daemonStatements,
    rescueFromDeadInstances: async (db, onUnknown, maxAttempts) =>
      rescueFromDeadInstances(db, onUnknown, maxAttempts + 1),
  },
};
