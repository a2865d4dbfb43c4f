import type { ClaimedRow, Cursor, DiscoveredLane, LaneClaim } from "@talkme/outbox/daemon";

/** A lane and priority that has, or soon will have, rows to send. */
interface OpenLane {
  readonly lane: string;
  readonly priority: number;
  readonly account: string;
  /** When its first row is due, on this process's monotonic clock. */
  readonly dueAtMs: number;
  cursor: Cursor | null;
  /** A claim came back with less than it asked for: there is no more behind the cursor. */
  drained: boolean;
}

/**
 * What this instance knows of the lanes: which have rows, and from where to go on in each. It divides the free
 * slots among them in turn, so that a lane with a million rows and one with a single row are served alike.
 */
export class LaneBook {
  #lanes: ReadonlyMap<string, OpenLane> = new Map();
  /** Where the next round begins. */
  #turn = 0;

  /** Takes in a fresh look at the table; every lane is then read from its beginning again. */
  learn(discovered: readonly DiscoveredLane[], nowMs: number): void {
    this.#lanes = new Map(
      discovered.map(({ lane, priority, account, dueInMs }) => [
        keyOf({ lane, priority }),
        { lane, priority, account, dueAtMs: nowMs + dueInMs, cursor: null, drained: false },
      ]),
    );
  }

  /** The accounts of lanes with due rows that were not drained. */
  waitingAccounts(nowMs: number): ReadonlySet<string> {
    return new Set(this.#ready(nowMs).map((lane) => lane.account));
  }

  /** Milliseconds until a row of a lane that has none due becomes due; null where there is no such lane. */
  nextDueInMs(nowMs: number): number | null {
    let soonest: number | null = null;
    for (const { dueAtMs } of this.#lanes.values()) {
      if (dueAtMs > nowMs && (soonest === null || dueAtMs < soonest)) soonest = dueAtMs;
    }
    return soonest === null ? null : soonest - nowMs;
  }

  /**
   * Divides `slots` among the lanes with due rows.
   *
   * @param allowances How many rows each account may still claim; an account that is missing may claim none.
   */
  divide(slots: number, allowances: ReadonlyMap<string, number>, nowMs: number): readonly LaneClaim[] {
    const left = new Map(allowances);
    const lanes = this.#inTurn(this.#ready(nowMs).filter((lane) => (left.get(lane.account) ?? 0) >= 1));
    const limits = new Map<OpenLane, number>();

    let free = slots;
    for (let round = lanes; round.length > 0 && free > 0;) {
      const share = Math.max(1, Math.floor(free / round.length));
      const next: OpenLane[] = [];
      for (const lane of round) {
        const limit = Math.min(share, free, left.get(lane.account) ?? 0);
        if (limit < 1) continue;
        free -= limit;
        left.set(lane.account, (left.get(lane.account) ?? 0) - limit);
        limits.set(lane, (limits.get(lane) ?? 0) + limit);
        next.push(lane);
      }
      round = next;
    }
    this.#turn += limits.size;
    return [...limits].map(([{ lane, priority, cursor }, limit]) => ({
      lane,
      priority,
      after: cursor,
      limit,
    }));
  }

  /** Takes in what a claim has brought: cursors move on, and lanes that gave less than asked are drained. */
  advance(claims: readonly LaneClaim[], rows: readonly ClaimedRow[]): void {
    const claimed = Map.groupBy(rows, keyOf);
    for (const claim of claims) {
      const lane = this.#lanes.get(keyOf(claim));
      if (lane === undefined) continue;
      const found = claimed.get(keyOf(claim)) ?? [];
      lane.drained = found.length < claim.limit;
      lane.cursor = found.reduce<Cursor | null>((furthest, row) => later(furthest, row), lane.cursor);
    }
  }

  /** Of each lane, the most urgent priority that has due rows. */
  #ready(nowMs: number): readonly OpenLane[] {
    const ready = new Map<string, OpenLane>();
    for (const lane of this.#lanes.values()) {
      if (lane.drained || lane.dueAtMs > nowMs) continue;
      const other = ready.get(lane.lane);
      if (other === undefined || lane.priority < other.priority) ready.set(lane.lane, lane);
    }
    return [...ready.values()];
  }

  #inTurn(lanes: readonly OpenLane[]): OpenLane[] {
    const start = lanes.length === 0 ? 0 : this.#turn % lanes.length;
    return [...lanes.slice(start), ...lanes.slice(0, start)];
  }
}

function keyOf(lane: { readonly lane: string; readonly priority: number }): string {
  return `${lane.lane} ${lane.priority}`;
}

function later(cursor: Cursor | null, row: Cursor): Cursor {
  if (cursor === null || row.dueAtUs > cursor.dueAtUs) return { dueAtUs: row.dueAtUs, id: row.id };
  return row.dueAtUs === cursor.dueAtUs && BigInt(row.id) > BigInt(cursor.id)
    ? { dueAtUs: row.dueAtUs, id: row.id }
    : cursor;
}
