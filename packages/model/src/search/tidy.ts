import { goneClaim, type Claim, type Copy, type Row, type State } from "../state.ts";

/** Drops claims that can make no difference any more, so that states that differ in nothing else are one. */
export function tidy(state: State): State {
  if (state.claims.length === 0) return state;
  const named = sendingClaims(state);
  const kept = state.claims.map((claim, index) => isOfUse(claim, named.has(index + 1)));
  if (kept.every(Boolean)) return state;
  let count = 0;
  const places = kept.map((isKept) => (isKept ? ++count : null));
  const renumber = (copy: Copy): Copy => ({ ...copy, rows: copy.rows.map((row) => withPlace(row, places)) });
  return {
    ...state,
    primary: renumber(state.primary),
    behind: state.behind && renumber(state.behind),
    old: state.old && renumber(state.old),
    claims: state.claims.filter((_, index) => kept[index]),
  };
}

/** The claims of the rows that are `sending` in any copy. */
function sendingClaims({ primary, behind, old }: State): ReadonlySet<number> {
  const found = new Set<number>();
  for (const copy of [primary, behind, old]) {
    for (const row of copy?.rows ?? []) {
      if (row?.status === "sending" && row.claim !== null) found.add(row.claim);
    }
  }
  return found;
}

function isOfUse({ memory, wire, isNamed }: Claim, isSending: boolean): boolean {
  if (wire !== "none") return true;
  return memory === "none" || memory === "lost" ? isNamed && isSending : true;
}

function withPlace(row: Row, places: readonly (number | null)[]): Row {
  if (row === null || row.claim === null || row.claim === goneClaim) return row;
  const place = places[Math.abs(row.claim) - 1] ?? null;
  if (place !== null) return { ...row, claim: row.claim < 0 ? -place : place };
  // No answer can come: which claim it was makes no difference.
  return row.status === "sending" || row.status === "unknown"
    ? { ...row, claim: goneClaim, claimedBy: 0 }
    : { ...row, claim: null, claimedBy: null };
}
