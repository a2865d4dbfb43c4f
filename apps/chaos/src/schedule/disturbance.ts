/** Something that is done to a process or to the database while everything is at work. */
export type Disturbance =
  /** SIGKILL; the instance is started again `downMs` later. */
  | { readonly kind: "kill -9"; readonly instance: number; readonly downMs: number }
  /** SIGTERM: a clean stop, after which it is started again. */
  | { readonly kind: "SIGTERM"; readonly instance: number; readonly downMs: number }
  /** SIGSTOP, and SIGCONT before anybody misses it. */
  | { readonly kind: "short pause"; readonly instance: number; readonly ms: number }
  /** SIGSTOP, and SIGCONT so long after others have declared it dead. */
  | { readonly kind: "pause beyond the lease"; readonly instance: number; readonly extraMs: number }
  | { readonly kind: "restart fast" | "restart immediate"; readonly downMs: number }
  | { readonly kind: "terminate all backends" }
  /** `turn` chooses among the backends that there are then. */
  | { readonly kind: "terminate one backend"; readonly turn: number }
  /** Nobody can read or write talkme.outbox. */
  | { readonly kind: "lock table"; readonly ms: number }
  /** The same for longer than the daemon waits for a statement. */
  | { readonly kind: "lock table for long"; readonly ms: number }
  /** Rows that are being sent are locked by somebody else. */
  | { readonly kind: "lock rows"; readonly rows: number; readonly ms: number }
  /** An idle transaction keeps an old snapshot. */
  | { readonly kind: "hold snapshot"; readonly ms: number };

export type DisturbanceKind = Disturbance["kind"];

/** A disturbance and when it is due, from the beginning of the scenario. */
export interface Scheduled {
  readonly atMs: number;
  readonly disturbance: Disturbance;
}

/** What it strikes: strikes at the same target come one after the other, at different ones they overlap. */
export function targetOf(disturbance: Disturbance): string {
  switch (disturbance.kind) {
    case "kill -9":
    case "SIGTERM":
    case "short pause":
    case "pause beyond the lease":
      return `instance ${disturbance.instance}`;
    case "restart fast":
    case "restart immediate":
    case "terminate all backends":
    case "terminate one backend":
    case "lock table":
    case "lock table for long":
      return "server";
    case "lock rows":
    case "hold snapshot":
      return disturbance.kind;
  }
}
