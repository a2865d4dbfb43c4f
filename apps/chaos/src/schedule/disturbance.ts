import type { TriggerBody } from "../disturb/customer-trigger.ts";
import type { Edit } from "../disturb/edit-rows.ts";

/** A disturbance of a process or of the database at work. */
export type Disturbance =
  /** SIGKILL; the instance is started again `downMs` later. */
  | { readonly kind: "kill -9"; readonly instance: number; readonly downMs: number }
  /** SIGTERM: a clean stop, after which it is started again. */
  | { readonly kind: "SIGTERM"; readonly instance: number; readonly downMs: number }
  /** SIGSTOP, and SIGCONT before anybody misses it. */
  | { readonly kind: "short pause"; readonly instance: number; readonly ms: number }
  /** SIGSTOP, and SIGCONT `extraMs` after others have declared it dead. */
  | { readonly kind: "pause beyond the lease"; readonly instance: number; readonly extraMs: number }
  | { readonly kind: "restart fast" | "restart immediate"; readonly downMs: number }
  | { readonly kind: "terminate all backends" }
  /** `choice`, modulo their number, is one of the backends of that moment. */
  | { readonly kind: "terminate one backend"; readonly choice: number }
  /** Nobody can read or write talkme.outbox. */
  | { readonly kind: "lock table"; readonly ms: number }
  /** The same for longer than the daemon's statement timeout. */
  | { readonly kind: "lock table for long"; readonly ms: number }
  /** Another session locks rows that are being sent. */
  | { readonly kind: "lock rows"; readonly rows: number; readonly ms: number }
  /** An idle transaction keeps an old snapshot open. */
  | { readonly kind: "hold snapshot"; readonly ms: number }
  /** A customer's trigger on talkme.outbox, for some of its rows. */
  | { readonly kind: TriggerKind; readonly ms: number; readonly body: TriggerBody }
  /** All rows are gone, and the next one gets the id 1. */
  | { readonly kind: "truncate" }
  /** Rows on the wire are deleted, edited, or restored as from a backup. */
  | { readonly kind: "delete while sending"; readonly rows: number }
  | { readonly kind: "edit while sending"; readonly rows: number; readonly edit: Edit }
  | { readonly kind: "restore"; readonly rows: number; readonly ms: number };

type TriggerKind =
  | "trigger returns null"
  | "trigger raises"
  | "trigger raises at the commit"
  | "trigger sleeps"
  | "trigger waits for a lock";

export type DisturbanceKind = Disturbance["kind"];

/** A disturbance, and its time from the beginning of the scenario. */
export interface Scheduled {
  readonly atMs: number;
  readonly disturbance: Disturbance;
}

/** Its target: disturbances of one target wait for each other, those of different ones overlap. */
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
    case "trigger returns null":
    case "trigger raises":
    case "trigger raises at the commit":
    case "trigger sleeps":
    case "trigger waits for a lock":
      return "trigger";
    case "truncate":
    case "delete while sending":
    case "edit while sending":
    case "restore":
      return "rows";
  }
}
