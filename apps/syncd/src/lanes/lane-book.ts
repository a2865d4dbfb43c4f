import type { Cursor, LaneClaim, QueuedLane } from "@talkme/outbox/daemon";

import type { Limits, OpenLane } from "../admission/open-lane.ts";

import { mostKept } from "./queue-window.ts";

interface BookedLane extends OpenLane {
  /** When its first row is due, on this process's monotonic clock. */
  readonly dueAtMs: number;
  /** When a look at the table last found rows of it. */
  readonly seenAtMs: number;
  cursor: Cursor | null;
  /** A claim brought less than it asked for: there is nothing more behind the cursor. */
  drained: boolean;
  /** The last claim brought all that it asked for: there is probably more. */
  deep: boolean;
  /** When it was last given slots, as a count of grants to any lane: the longest waiter has the smallest. */
  given: number;
  /** Its place in the order of all. */
  place: number;
}

/** Beyond this many lanes, one look is cheaper than trying each. */
const mostExpected = 16;

/** A row that a claim has met: sent, ended or put off. */
type MetRow = Cursor & Pick<OpenLane, "lane" | "priority">;

/** A share of the free slots: up to `limit` rows of a lane, behind those claimed before. */
export interface LaneShare {
  readonly lane: OpenLane;
  readonly after: Cursor | null;
  readonly limit: number;
}

/**
 * What this instance knows of the lanes: which have rows, and from where to go on in each. It divides the free
 * slots among them in turn, so that a lane with a million rows and one with a single row are served alike.
 */
export class LaneBook {
  readonly #rememberMs: number;
  #lanes: ReadonlyMap<string, BookedLane> = new Map();
  /** The same in order: the priorities of a lane follow each other. */
  #inOrder: readonly BookedLane[] = [];
  /** Where {@link ready} begins: the first priority of a lane. */
  #next = 0;
  #timesGiven = 0;
  #dueLanes = 0;

  /** @param rememberMs For how long to remember a lane that has no rows any more: see {@link expectMore}. */
  constructor(rememberMs: number) {
    this.#rememberMs = rememberMs;
  }

  /**
   * Takes in a fresh look at the table. Every lane that it shows is read from its beginning again.
   *
   * @param covers Which lanes it would have shown; of the others, those seen last are kept. Default: all.
   */
  learn(
    queued: readonly QueuedLane[],
    nowMs: number,
    covers: (lane: OpenLane) => boolean = () => true,
  ): void {
    const remembered = [...this.#lanes]
      .filter(([, lane]) => (lane.drained ? nowMs - lane.seenAtMs < this.#rememberMs : !covers(lane)))
      .slice(-mostKept);
    const found = queued.map(({ lane, priority, account, dueInMs, age }): [string, BookedLane] => {
      const key = keyOf({ lane, priority });
      const { deep = false, given = 0 } = this.#lanes.get(key) ?? {};
      const [dueAtMs, seenAtMs] = [nowMs + dueInMs, nowMs];
      return [
        key,
        {
          lane,
          priority,
          account,
          age,
          dueAtMs,
          seenAtMs,
          cursor: null,
          drained: false,
          deep,
          given,
          place: 0,
        },
      ];
    });
    const next = this.#inOrder[this.#next]?.lane ?? "";
    const lanes = new Map(remembered);
    // The lanes seen last come last.
    for (const [key] of found) lanes.delete(key);
    for (const [key, lane] of found) lanes.set(key, lane);
    this.#lanes = lanes;
    this.#inOrder = [...this.#lanes.values()].toSorted(byLaneAndPriority);
    this.#inOrder.forEach((lane, place) => (lane.place = place));
    const sameOrBehind = this.#inOrder.findIndex(({ lane }) => lane >= next);
    this.#next = Math.max(0, sameOrBehind);
    this.#dueLanes = this.#inOrder.filter(({ drained, dueAtMs }) => !drained && dueAtMs <= nowMs).length;
  }

  /** The lanes that are known. */
  get lanes(): ReadonlySet<string> {
    return new Set(this.#inOrder.map(({ lane }) => lane));
  }

  /** How many lanes and priorities had due rows at the last look. */
  get dueLanes(): number {
    return this.#dueLanes;
  }

  /**
   * Something was inserted, perhaps into a lane that was drained just now. Lanes that are `likely` are claimed from once
   * more, behind what was claimed before.
   *
   * @param always Tries those served last where there are too many: a look would not show the whole queue either.
   * @returns False where there is none, or too many to try.
   */
  expectMore(likely: (lane: OpenLane) => boolean, always = false): boolean {
    const drained = [...this.#lanes.values()].filter((lane) => lane.drained);
    if (drained.length > mostExpected && !always) return false;
    const lastServed = drained.toSorted((a, b) => b.given - a.given).slice(0, mostExpected);
    const expected = lastServed.filter(likely);
    for (const lane of expected) lane.drained = false;
    return expected.length > 0;
  }

  /** Milliseconds until the next lane has a row due; null where no lane waits for that. */
  nextDueInMs(nowMs: number): number | null {
    let soonest: number | null = null;
    for (const { dueAtMs } of this.#lanes.values()) {
      if (dueAtMs > nowMs && (soonest === null || dueAtMs < soonest)) soonest = dueAtMs;
    }
    return soonest === null ? null : soonest - nowMs;
  }

  /** The most urgent priority with due rows of each lane, from the lane whose turn it is. */
  *ready(nowMs: number): Generator<OpenLane> {
    yield* this.#dueBetween(this.#next, this.#inOrder.length, nowMs);
    yield* this.#dueBetween(0, this.#next, nowMs);
  }

  *#dueBetween(from: number, to: number, nowMs: number): Generator<OpenLane> {
    let last: string | null = null;
    for (let place = from; place < to; place += 1) {
      const lane = this.#inOrder[place];
      if (lane === undefined || lane.drained || lane.dueAtMs > nowMs || lane.lane === last) continue;
      last = lane.lane;
      yield lane;
    }
  }

  /**
   * Divides `slots` among lanes that are {@link ready}: those on trial first, then the longest waiter. A lane that cannot be
   * given one, because of a rate, say, keeps its place.
   *
   * @param atATime The fewest rows to ask for, as far as there are slots, of a lane that is known to have them.
   */
  divide(slots: number, { lanes, isTrial, scopesOf, allowances }: Limits, atATime = 1): readonly LaneShare[] {
    const left = new Map(allowances);
    const limits = new Map<BookedLane, number>();
    const rank = (lane: BookedLane): number => (isTrial(lane) ? -1 : lane.given);
    const booked = lanes.flatMap((lane) => this.#lanes.get(keyOf(lane)) ?? []);
    let free = slots;
    for (let round = booked.toSorted((a, b) => rank(a) - rank(b)); round.length > 0 && free > 0;) {
      const share = Math.max(1, Math.floor(free / round.length));
      const next: BookedLane[] = [];
      for (const lane of round) {
        if (free < 1) break;
        const scopes = scopesOf(lane);
        const wanted = lane.deep ? Math.max(share, atATime) : share;
        const limit = Math.min(wanted, free, ...scopes.map((scope) => left.get(scope) ?? 0));
        if (limit < 1) continue;
        free -= limit;
        for (const scope of scopes) left.set(scope, (left.get(scope) ?? 0) - limit);
        limits.set(lane, (limits.get(lane) ?? 0) + limit);
        this.#timesGiven += 1;
        lane.given = this.#timesGiven;
        next.push(lane);
      }
      round = next;
    }
    this.#goOnBehind([...limits.keys()]);
    return [...limits].map(([lane, limit]) => ({ lane, after: lane.cursor, limit }));
  }

  /** Lets {@link ready} begin behind the furthest of these lanes, seen from where it began. */
  #goOnBehind(served: readonly BookedLane[]): void {
    if (served.length === 0) return;
    const count = this.#inOrder.length;
    const steps = served.map(({ place }) => (place - this.#next + count) % count);
    const furthest = this.#inOrder[(this.#next + Math.max(...steps)) % count];
    if (furthest === undefined) return;
    let next = furthest.place;
    while (this.#inOrder[next]?.lane === furthest.lane) next += 1;
    this.#next = next % count;
  }

  /**
   * Takes in the result of a claim: cursors move on, and lanes that gave less than asked are drained.
   *
   * @param claims Without those of refused accounts.
   * @param claimed The rows that were claimed.
   * @param passed The rows that were met, and ended or put off.
   */
  advance(
    claims: readonly Pick<LaneClaim, "lane" | "priority" | "limit" | "scan">[],
    claimed: readonly MetRow[],
    passed: readonly MetRow[] = [],
  ): void {
    const claimedOf = Map.groupBy(claimed, keyOf);
    const passedOf = Map.groupBy(passed, keyOf);
    for (const claim of claims) {
      const lane = this.#lanes.get(keyOf(claim));
      if (lane === undefined) continue;
      const taken = claimedOf.get(keyOf(claim)) ?? [];
      const met = [...taken, ...(passedOf.get(keyOf(claim)) ?? [])];
      const isFull = taken.length >= claim.limit;
      lane.drained = !isFull && met.length < claim.limit + claim.scan;
      lane.deep = isFull;
      // A full claim may have seen and left rows behind its last one, which may go now.
      lane.cursor = (isFull ? taken : met).reduce<Cursor | null>(
        (furthest, row) => later(furthest, row),
        lane.cursor,
      );
    }
  }
}

function byLaneAndPriority(a: OpenLane, b: OpenLane): number {
  if (a.lane !== b.lane) return a.lane < b.lane ? -1 : 1;
  return a.priority - b.priority;
}

function keyOf(lane: { readonly lane: string; readonly priority: number }): string {
  return `${lane.lane} ${lane.priority}`;
}

function later(cursor: Cursor | null, row: Cursor): Cursor {
  // Exact: a row that has been due is not from after 2255.
  const ahead = cursor === null ? 1 : Number(row.dueAtUs) - Number(cursor.dueAtUs);
  if (cursor === null || ahead > 0) return { dueAtUs: row.dueAtUs, id: row.id };
  return ahead === 0 && BigInt(row.id) > BigInt(cursor.id) ? { dueAtUs: row.dueAtUs, id: row.id } : cursor;
}
