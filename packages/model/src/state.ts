import type { Marks } from "./rules/row-rules.ts";

/** Two processes of syncd. */
export type InstanceId = 0 | 1;
export const instanceIds: readonly InstanceId[] = [0, 1];

/** Null: not inserted yet, or forgotten by a copy that is older. */
export type Row = Marks<InstanceId> | null;

/** In place of a claim's number: its process is gone, and no answer to it can come. */
export const goneClaim = 31;

/** What is committed on one server. */
export interface Copy {
  readonly rows: readonly Row[];
  /** Whether each instance's present name is registered there. */
  readonly registered: readonly [boolean, boolean];
}

/**
 * - `paused`: stands still. `overdue`: for longer than its lease, so that others may declare it dead.
 * - `dead`: killed; it may be started again.
 */
export type Life = "running" | "paused" | "overdue" | "dead";

/** To which server its connections go; `broken`: that server is gone, which it may not have noticed yet. */
export type Link = "primary" | "old" | "broken";

export interface Instance {
  readonly life: Life;
  readonly link: Link;
  /** The fate of a statement is unknown: it claims nothing before it has looked for what that has claimed. */
  readonly mustReclaim: boolean;
  /** A claim that it has given up and that the server may still carry out; `outdated`: it belongs to an earlier epoch. */
  readonly lateStatement: "none" | "valid" | "outdated";
  /** It ran before the change, and finds in the primary what it remembers. */
  readonly isWitness: boolean;
}

/**
 * What the process that made a claim knows of it.
 *
 * - `unmarked`: only without the durable mark: its request is made before its row says so.
 * - `committing`: the statement waits for the standby. `unheard`: it is committed, its answer is on the way. `unconfirmed`: the
 *   same, but the answer says that no standby has confirmed it.
 * - `lost`: the answer never came. `held`: it came, and no request is made yet. `waiting`: the request is made.
 * - `accepted` to `late`: what became of the request, not written yet; `late`: too late to make it.
 * - `none`: settled and forgotten, or the process is dead.
 */
export type Memory =
  | "none"
  | "unmarked"
  | "committing"
  | "unheard"
  | "unconfirmed"
  | "lost"
  | "held"
  | "waiting"
  | "accepted"
  | "rejected"
  | "notSent"
  | "unknown"
  | "late";

/** A request: on its way, or answered and the answer on its way. */
export type Wire = "none" | "out" | "accepted" | "rejected" | "notSent";

export interface Claim {
  /** Tells the claims of a trace apart; states that differ in nothing else are one. */
  readonly serial: number;
  readonly row: number;
  readonly by: InstanceId;
  /** Whether the process still has the name in which it claimed. */
  readonly isNamed: boolean;
  readonly memory: Memory;
  readonly wire: Wire;
  /** Made in another history than the primary's. */
  readonly isBefore: boolean;
}

/**
 * What has happened to the database's history. `promoted`: a standby took over, on a new timeline. `recovered`: an older state
 * was restored, on a new timeline. `moved`: a dump was restored into another server, which has another identifier.
 */
export type Change = "none" | "promoted" | "recovered" | "moved";

/** What the outside world and people know of a row. */
export interface Deeds {
  /** How many times the API accepted its message; 2: more than once. */
  readonly accepted: 0 | 1 | 2;
  /** `on_unknown = resend`, or a person, had it sent again: twice is no violation. */
  readonly isExcused: boolean;
  /** What a person decided that it is, and nothing has undone. */
  readonly decided: "sent" | "failed" | "cancelled" | null;
  /** Its insert was reported as committed, and as far as it was promised, it is durable. */
  readonly isPromised: boolean;
}

export interface State {
  readonly primary: Copy;
  /** Of the standby that has fallen behind, or of a backup; null: the standby has everything, or there is no backup. */
  readonly behind: Copy | null;
  /** Of a primary that was cut off and still serves whoever reaches it. */
  readonly old: Copy | null;
  readonly change: Change;
  /** Who has acknowledged the change; `itself`: then no claim of before it was lost. */
  readonly acknowledged: "no" | "by a person" | "itself";
  /** A lease has passed since the change. */
  readonly hasWaited: boolean;
  readonly instances: readonly [Instance, Instance];
  /** In the order in which they were made; a row names them by their place, from 1 on. */
  readonly claims: readonly Claim[];
  /** The last claim's {@link Claim.serial}. */
  readonly lastSerial: number;
  readonly deeds: readonly Deeds[];
  /** How many faults may still happen. */
  readonly faultsLeft: number;
}

/** Both instances run, and no row is inserted yet. */
export function initialState(onUnknown: readonly ("hold" | "resend")[], faults: number): State {
  const instance: Instance = {
    life: "running",
    link: "primary",
    mustReclaim: false,
    lateStatement: "none",
    isWitness: true,
  };
  return {
    primary: { rows: onUnknown.map(() => null), registered: [true, true] },
    behind: null,
    old: null,
    change: "none",
    acknowledged: "no",
    hasWaited: false,
    instances: [instance, instance],
    claims: [],
    lastSerial: 0,
    deeds: onUnknown.map((each) => ({
      accepted: 0,
      isExcused: each === "resend",
      decided: null,
      isPromised: false,
    })),
    faultsLeft: faults,
  };
}
