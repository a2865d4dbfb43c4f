import type { Claim, InstanceId, State } from "../state.ts";

/** Its statement is carried out, and its answer may still come. */
export function isUnderWay({ memory }: Claim): boolean {
  return memory === "committing" || memory === "unheard" || memory === "unconfirmed";
}

/** The process has the claim in its hands: it is to be sent, on the wire, or answered and not written. */
export function holds({ memory }: Claim): boolean {
  return (
    memory !== "none" &&
    memory !== "lost" &&
    memory !== "committing" &&
    memory !== "unheard" &&
    memory !== "unconfirmed"
  );
}

/** An instance has one slot: `TALKME_CONCURRENCY` is 1. */
export function slotIsFree({ claims }: State, id: InstanceId): boolean {
  return !claims.some((claim) => claim.by === id && (holds(claim) || isUnderWay(claim)));
}
