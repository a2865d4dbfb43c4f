import { copyOf, withClaim, withInstance, withRow, type ServerName } from "../change-state.ts";
import type { Setting } from "../designs.ts";
import { awaitsAnswer, claimed, settled } from "../rules/row-rules.ts";
import type { Claim, InstanceId, State } from "../state.ts";
import { eraOf } from "./era.ts";
import { settlementOf } from "./settlement.ts";
import { step, type Step } from "./step.ts";

/** Writes answers; an instance that does not hear that one is written keeps it. */
export function settlements(
  state: State,
  setting: Setting,
  id: InstanceId,
  server: ServerName,
): readonly Step[] {
  return state.claims.flatMap((claim, index): readonly Step[] => {
    if (claim.by !== id) return [];
    const about = { instance: id, row: claim.row, claim: index };
    if (claim.memory === "unmarked") {
      const row = copyOf(state, server).rows[claim.row];
      if (row?.status !== "pending") return [];
      const marked = claimed(row, { claim: index + 1, claimedBy: id });
      const next = withClaim(withRow(state, server, claim.row, marked), index, { memory: "waiting" });
      return [step("mark afterwards", next, about)];
    }
    const written = settle(state, setting, server, claim, index);
    if (written === null) return [];
    const heard = step("settle", withClaim(written, index, { memory: "none" }), about);
    if (state.faultsLeft === 0) return [heard];
    const unheard = withInstance({ ...written, faultsLeft: state.faultsLeft - 1 }, id, { mustReclaim: true });
    return [heard, step("settle unheard", unheard, about)];
  });
}

/** Null if there is no answer to write. */
function settle(
  state: State,
  setting: Setting,
  server: ServerName,
  claim: Claim,
  index: number,
): State | null {
  const { has, rows: onUnknown, maxAttempts } = setting;
  const row = copyOf(state, server).rows[claim.row];
  const era = has["answers-before"] ? eraOf(state, setting, server, claim) : "holds";
  const settlement = settlementOf(claim.memory, {
    attempts: row?.attempts ?? 0,
    maxAttempts,
    onUnknown: onUnknown[claim.row] ?? "hold",
    isLost: era === "lost",
  });
  if (settlement === null) return null;
  // It is kept until the change is acknowledged.
  if (era === "open" && settlement.status === "pending") return null;
  if (row === null || row === undefined) return state;
  const name = { claim: index + 1, claimedBy: claim.by };
  const isOpen = row.status === "sending" || row.status === "unknown";
  const isOurs = has["claim-name"]
    ? awaitsAnswer(row, name)
    : isOpen || (row.status === "pending" && settlement.status === "pending");
  const isDecidedOurs = !has["late-answer"] && row.claim === -name.claim && row.claimedBy === name.claimedBy;
  if (!isOurs && !isDecidedOurs) return state;
  const refund = settlement.refund && row.attempts > 0;
  return withRow(state, server, claim.row, settled(row, name.claim, settlement.status, refund));
}
