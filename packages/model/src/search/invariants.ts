import { deedsOf } from "../change-state.ts";
import { instanceIds, type State } from "../state.ts";

/** What must hold in every state, and one thing about all of them together. */
export const invariants = {
  twice: "no message is accepted more than once, unless a person or on_unknown = resend has it sent again",
  lost: "a row that was promised is in the table",
  "sent but not accepted": "a row is sent only if the API accepted its message, or a person says so",
  "accepted but not sent":
    "a row does not end as failed, cancelled or expired after the API accepted its message, unless a person says so or it is resend",
  overruled: "what a person has decided stays",
  "more than the concurrency":
    "an instance has no more rows on the wire, or sending in its name, than its concurrency",
  "stuck for ever":
    "from every state a state can be reached in which every row has ended, without any further fault",
} as const;

export type InvariantName = keyof typeof invariants;

/** TALKME_CONCURRENCY. */
const concurrency = 1;

/** The invariant that the state violates; null: none. */
export function violated(state: State): InvariantName | null {
  const { primary, deeds } = state;
  for (const [index, row] of primary.rows.entries()) {
    const { accepted, isExcused, decided, isPromised } = deedsOf(state, index);
    if (accepted > 1 && !isExcused) return "twice";
    if (row === null) {
      if (isPromised) return "lost";
      continue;
    }
    if (decided !== null && row.status !== decided) return "overruled";
    if (row.status === "sent" && accepted === 0) return "sent but not accepted";
    const hasEnded = row.status === "failed" || row.status === "cancelled" || row.status === "expired";
    if (hasEnded && accepted > 0 && decided === null && !isExcused) return "accepted but not sent";
  }
  return deeds.length > 0 && instanceIds.some((id) => hasTooMany(state, id))
    ? "more than the concurrency"
    : null;
}

function hasTooMany({ primary, claims }: State, id: 0 | 1): boolean {
  let sending = 0;
  for (const row of primary.rows) {
    if (row?.status !== "sending" || row.claimedBy !== id) continue;
    sending += Number(claims[(row.claim ?? 0) - 1]?.isNamed ?? false);
  }
  let onTheWire = 0;
  for (const { by, memory } of claims) onTheWire += Number(by === id && memory === "waiting");
  return sending > concurrency || onTheWire > concurrency;
}

/** Every row has ended, and nothing is on its way. */
export function isEnd({ primary, old, claims, deeds }: State): boolean {
  if (old !== null || claims.some(({ wire }) => wire === "out")) return false;
  return primary.rows.every((row, index) => {
    if (row === null) return deeds[index]?.isPromised === false;
    return row.status === "sent" || row.status === "failed" || row.status === "cancelled";
  });
}
