import type { OnUnknown, Status } from "../../src/index.ts";

/** A running syncd, under any name. */
export type Daemon = "a" | "b";

/**
 * A time in the model. Time passes in whole minutes, because a test shifts the table's times instead of waiting; within
 * a minute, later commands write later times.
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
  /** The turn that claimed it, negative once settled. */
  claim: number | null;
  errorCode: string | null;
}

/** A past claim, settled or not, that may still be answered. */
export interface Claim {
  readonly id: string;
  readonly fence: number;
  readonly claimedBy: string;
  readonly claim: number;
  readonly seal: number;
}

/** The expected state of a row. */
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

/** The expected state of the whole database. */
export interface TableImage {
  readonly rows: readonly RowImage[];
  /** How many attempts are recorded for each claim. */
  readonly recorded: Readonly<Record<string, number>>;
  readonly instances: readonly string[];
}

/** The rules of docs/state-machine.md, written independently of SQL; those of a row's marks stand in @talkme/model. */
export class Model {
  readonly leaseMinutes = 1;
  minute = 0;
  /** Counts the commands. */
  order = 0;
  readonly rows: ModelRow[] = [];
  readonly claims: Claim[] = [];
  /** The registered instances, and when each was last heard from. */
  readonly heardAtMinute = new Map<string, number>();
  /** Each daemon's name, registered or not. */
  readonly names = new Map<Daemon, string>();
  readonly recorded = new Map<string, number>();
  /** The table after the last command. */
  lastLook: readonly RowImage[] = [];
  /** The last turn, and the one before it. */
  lastTurn = 0;
  turnBefore = 0;

  /** The time that many minutes ahead, as this command would write it. */
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

  /** The element that a generated number stands for; null if there is none. */
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

/** Negative if `a` is earlier. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.minute - b.minute || a.order - b.order;
}

/** When a row is due: the later of `send_at` and `retry_at`. */
export function dueAt({ sendAt, retryAt }: ModelRow): Moment {
  return retryAt !== null && compareMoments(retryAt, sendAt) > 0 ? retryAt : sendAt;
}
