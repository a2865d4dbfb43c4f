import { sendsAgain, type SettledStatus } from "../rules/row-rules.ts";
import type { Memory } from "../state.ts";

export interface Settled {
  readonly status: SettledStatus;
  readonly refund: boolean;
}

/** What an answer makes of its row; null where there is none yet. As `decide` does in apps/syncd/src/policy/outcome.ts. */
export function settlementOf(
  memory: Memory,
  about: {
    readonly attempts: number;
    readonly maxAttempts: number;
    readonly onUnknown: "hold" | "resend";
    /** Claims that came after this one may be lost: the row may have been sent since. */
    readonly isLost: boolean;
  },
): Settled | null {
  const { attempts, maxAttempts, onUnknown, isLost } = about;
  switch (memory) {
    case "accepted":
      return { status: "sent", refund: false };
    case "rejected":
      return { status: "failed", refund: false };
    case "notSent":
      if (isLost) return { status: "unknown", refund: false };
      return { status: attempts < maxAttempts ? "pending" : "failed", refund: false };
    case "unknown":
      return { status: sendsAgain(onUnknown, attempts, maxAttempts) ? "pending" : "unknown", refund: false };
    case "late":
      return isLost ? { status: "unknown", refund: false } : { status: "pending", refund: true };
    case "none":
    case "unmarked":
    case "committing":
    case "unheard":
    case "unconfirmed":
    case "lost":
    case "held":
    case "waiting":
      return null;
  }
}
