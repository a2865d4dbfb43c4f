/**
 * What the statements of packages/outbox do to the marks of a row, written independently of SQL. The model is explored with
 * these rules, the property test predicts with them, and both are compared with a real database.
 */
export type Status = "pending" | "sending" | "sent" | "failed" | "unknown" | "expired" | "cancelled";

/** @typeParam Name Names a running instance. */
export interface Marks<Name> {
  readonly status: Status;
  readonly attempts: number;
  readonly claimedBy: Name | null;
  /** The turn that claimed it, negative once settled. */
  readonly claim: number | null;
}

/** Names a claim for ever. */
export interface ClaimName<Name> {
  readonly claim: number;
  readonly claimedBy: Name;
}

export type SettledStatus = "sent" | "failed" | "pending" | "unknown";

/** Whether an answer to that claim may settle the row: nobody has decided since. */
export function awaitsAnswer<Name>(row: Marks<Name>, { claim, claimedBy }: ClaimName<Name>): boolean {
  const isOpen = row.status === "sending" || row.status === "unknown";
  return isOpen && row.claim === claim && row.claimedBy === claimedBy;
}

export function claimed<Name>(row: Marks<Name>, { claim, claimedBy }: ClaimName<Name>): Marks<Name> {
  return { status: "sending", attempts: row.attempts + 1, claimedBy, claim };
}

/** @param refund The attempt does not count: nothing was tried, or the row is not at fault. */
export function settled<Name>(
  row: Marks<Name>,
  claim: number,
  status: SettledStatus,
  refund: boolean,
): Marks<Name> {
  const attempts = row.attempts - Number(refund);
  switch (status) {
    case "pending":
      return { status, attempts, claimedBy: null, claim: null };
    case "unknown":
      return { status, attempts, claimedBy: row.claimedBy, claim };
    case "sent":
    case "failed":
      return { status, attempts, claimedBy: row.claimedBy, claim: -claim };
  }
}

/** Of a row whose instance died. Whether its request was made, nobody knows. */
export function rescued<Name>(row: Marks<Name>, resend: boolean): Marks<Name> {
  return resend
    ? { ...row, status: "pending", claimedBy: null, claim: null }
    : { ...row, status: "unknown", claim: absolute(row.claim) };
}

/** Of a row that is `sending` in the name of an instance that does not hold it. */
export function reclaimed<Name>(row: Marks<Name>, neverDispatched: boolean): Marks<Name> {
  return neverDispatched
    ? { status: "pending", attempts: row.attempts - 1, claimedBy: null, claim: null }
    : { ...row, status: "unknown", claim: absolute(row.claim) };
}

/** A person says what became of an `unknown` row. */
export function resolved<Name>(row: Marks<Name>, status: "sent" | "failed"): Marks<Name> {
  const claim = absolute(row.claim);
  return { ...row, status, claim: claim === null ? null : -claim };
}

/** A person has an `unknown` row sent again, or tries an ended one once more: its attempts count from the start. */
export function broughtBack<Name>(): Marks<Name> {
  return { status: "pending", attempts: 0, claimedBy: null, claim: null };
}

/** What `on_unknown` makes of a row that may have been sent. */
export function sendsAgain(onUnknown: "hold" | "resend", attempts: number, maxAttempts: number): boolean {
  return onUnknown === "resend" && attempts < maxAttempts;
}

function absolute(claim: number | null): number | null {
  return claim === null ? null : Math.abs(claim);
}
