import type { OnUnknown, Status } from "../../src/index.ts";

/** A running syncd, under whichever name. */
export type Daemon = "a" | "b";

/**
 * A time as the model knows it. Time passes in whole minutes, because a test shifts the times of the table instead of
 * waiting; within a minute, what a later command wrote is later.
 */
export interface Moment {
  readonly minute: number;
  readonly order: number;
}

export interface ModelRow {
  readonly id: string;
  readonly campaign: number;
  readonly priority: number;
  readonly maxAttempts: number | null;
  readonly onUnknown: OnUnknown | null;
  sendAt: Moment;
  retryAt: Moment | null;
  expiresAt: Moment | null;
  status: Status;
  attempts: number;
  fence: number;
  claimedBy: string | null;
  /** The turn that claimed it, negative once that is settled. */
  claim: number | null;
  errorCode: string | null;
}

/** A claim that was made at some time, settled or not: an answer of it may still come. */
export interface Claim {
  readonly id: string;
  readonly fence: number;
  readonly claimedBy: string;
  readonly claim: number;
  readonly seal: number;
}

/** What a row must look like in the table. */
export interface RowImage {
  readonly id: string;
  readonly status: string;
  readonly attempts: number;
  readonly fence: number;
  readonly claimedBy: string | null;
  readonly claim: number | null;
  readonly finished: boolean;
  readonly retries: boolean;
  readonly errorCode: string | null;
}

/** What the whole database must look like. */
export interface TableImage {
  readonly rows: readonly RowImage[];
  /** How many attempts are recorded of each claim. */
  readonly recorded: Readonly<Record<string, number>>;
  readonly instances: readonly string[];
}

/** What docs/state-machine.md says, written down a second time, without SQL. */
export class Model {
  readonly leaseMinutes = 1;
  minute = 0;
  /** Counts the commands. */
  order = 0;
  readonly rows: ModelRow[] = [];
  readonly claims: Claim[] = [];
  /** The registered instances, and when they were last heard. */
  readonly heardAtMinute = new Map<string, number>();
  /** The name that each daemon goes by, registered or not. */
  readonly names = new Map<Daemon, string>();
  readonly recorded = new Map<string, number>();
  /** The table after the last command. */
  lastLook: readonly RowImage[] = [];
  /** The last turn, and the one before it. */
  lastTurn = 0;
  turnBefore = 0;

  /** The moment that is so many minutes ahead, as this command would write it. */
  momentIn(minutes: number): Moment {
    return { minute: this.minute + minutes, order: this.order };
  }

  isPast(moment: Moment): boolean {
    return moment.minute <= this.minute;
  }

  isOverdue(row: ModelRow): boolean {
    return row.expiresAt !== null && this.isPast(row.expiresAt);
  }

  nameOf(daemon: Daemon): string {
    const name = this.names.get(daemon);
    if (name === undefined) throw new Error(`There is no daemon ${daemon}.`);
    return name;
  }

  /** The element that a generated number stands for; null where there is none. */
  pick<Element>(among: readonly Element[], number: number): Element | null {
    return among[number % Math.max(1, among.length)] ?? null;
  }

  image(): TableImage {
    const rows = this.rows.map((row) => ({
      id: row.id,
      status: row.status,
      attempts: row.attempts,
      fence: row.fence,
      claimedBy: row.claimedBy,
      claim: row.claim,
      finished: ["sent", "failed", "expired", "cancelled"].includes(row.status),
      retries: row.retryAt !== null,
      errorCode: row.errorCode,
    }));
    const instances = [...this.heardAtMinute.keys()].toSorted();
    return { rows, recorded: Object.fromEntries(this.recorded), instances };
  }
}

/** Negative where `a` is earlier. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.minute - b.minute || a.order - b.order;
}

/** When a row's turn comes: the later of `send_at` and `retry_at`. */
export function dueAt({ sendAt, retryAt }: ModelRow): Moment {
  return retryAt !== null && compareMoments(retryAt, sendAt) > 0 ? retryAt : sendAt;
}
