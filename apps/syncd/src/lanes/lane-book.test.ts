import type { ClaimedRow, LaneClaim, QueuedLane } from "@talkme/outbox/daemon";
import { describe, expect, test } from "vitest";

import { LaneBook } from "./lane-book.ts";
import type { OpenLane } from "../admission/open-lane.ts";

type Claim = Pick<LaneClaim, "lane" | "priority" | "after" | "limit" | "scan">;

const unlimited = new Map([["default", Number.POSITIVE_INFINITY]]);

function lane(name: string, changes: Partial<QueuedLane> = {}): QueuedLane {
  return {
    lane: name,
    priority: 0,
    account: "default",
    dueInMs: -1,
    dueAtSeconds: 0,
    acceptedAgoMs: 0,
    notFounds: 0,
    quietForMs: 0,
    paused: false,
    restricted: false,
    closedForMs: 0,
    partlyClosed: false,
    ratePerSecond: null,
    rules: "/",
    age: null,
    ...changes,
  };
}

/** Divides the slots among all lanes with due rows, limited by their account alone. */
function divide(
  book: LaneBook,
  slots: number,
  allowances: ReadonlyMap<string, number>,
  nowMs: number,
  atATime?: number,
): readonly Claim[] {
  const what = {
    lanes: [...book.ready(nowMs)],
    scopesOf: ({ account }: OpenLane) => [account],
    isTrial: () => false,
    allowances,
  };
  return book.divide(slots, what, atATime).map(({ lane: { lane: name, priority }, after, limit }) => ({
    lane: name,
    priority,
    after,
    limit,
    scan: 0,
  }));
}

function bookOf(...lanes: readonly QueuedLane[]): LaneBook {
  const book = new LaneBook(1000);
  book.learn(lanes, 0);
  return book;
}

/** The rows that a claim would bring, if the lane had enough of them. */
function rowsFor(claim: Claim, count: number): readonly ClaimedRow[] {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i + 1),
    claim: 1,
    fence: 1,
    seal: 0,
    account: "default",
    idCampanha: null,
    idWpp: null,
    numeroDest: null,
    emailDest: null,
    recipient: null,
    txtmsg: null,
    assunto: null,
    infoContato: null,
    attempts: 1,
    maxAttempts: null,
    onUnknown: null,
    lane: claim.lane,
    priority: claim.priority,
    dueAtUs: "1000",
    waitedMs: 0,
    expiresInMs: null,
    traceparent: null,
  }));
}

function limits(claims: readonly Claim[]): Readonly<Record<string, number>> {
  return Object.fromEntries(claims.map((claim) => [`${claim.lane}:${claim.priority}`, claim.limit]));
}

describe("free slots", () => {
  test("are divided evenly among the lanes, and none is left over", () => {
    const claims = divide(bookOf(lane("a"), lane("b"), lane("c")), 8, unlimited, 0);
    expect(claims.reduce((sum, { limit }) => sum + limit, 0)).toBe(8);
    expect(Math.min(...claims.map(({ limit }) => limit))).toBe(2);
  });

  test("go to other lanes each time where there are more lanes than slots", () => {
    const book = bookOf(lane("a"), lane("b"), lane("c"), lane("d"));
    const first = divide(book, 2, unlimited, 0).map((claim) => claim.lane);
    const second = divide(book, 2, unlimited, 0).map((claim) => claim.lane);
    expect([...first, ...second].toSorted()).toEqual(["a", "b", "c", "d"]);
  });

  test("are given by several to lanes that had more than they were asked for, and to the next ones the next time", () => {
    const book = bookOf(lane("a"), lane("b"), lane("c"), lane("d"));
    const next = (): Readonly<Record<string, number>> => {
      const claims = divide(book, 4, unlimited, 0, 2);
      claims.forEach((claim) => book.advance([claim], rowsFor(claim, claim.limit)));
      return limits(claims);
    };

    expect(next()).toEqual({ "a:0": 1, "b:0": 1, "c:0": 1, "d:0": 1 });
    expect(next()).toEqual({ "a:0": 2, "b:0": 2 });
    book.learn(
      ["a", "b", "c", "d"].map((name) => lane(name)),
      0,
    );
    expect(next()).toEqual({ "c:0": 2, "d:0": 2 });
  });

  test("that one turn cannot give evenly are given to the others in the next", () => {
    const names = Array.from({ length: 20 }, (_, i) => `lane${i}`);
    const book = bookOf(...names.map((name) => lane(name)));
    const given = [1, 2, 3, 4, 5].flatMap(() => divide(book, 32, unlimited, 0));
    const rows = names.map((name) =>
      given.filter((claim) => claim.lane === name).reduce((sum, { limit }) => sum + limit, 0),
    );
    expect(rows).toEqual(names.map(() => 8));
  });

  test("go to each lane of an account in turn, although a turn often finds its rate used up and serves others", () => {
    const rated = ["s1", "s2", "s3"].map((name) => lane(name, { account: "rated" }));
    const book = bookOf(lane("f"), ...rated);
    const served = [0, 1, 0, 1, 0, 1].flatMap((tokens) => {
      const allowances = new Map([...unlimited, ["rated", tokens]]);
      return divide(book, 4, allowances, 0).map((claim) => claim.lane);
    });
    expect(served.filter((name) => name !== "f").toSorted()).toEqual(["s1", "s2", "s3"]);
  });

  test("go to the most urgent priority of a lane, and then to the next lane", () => {
    const book = bookOf(lane("a"), lane("a", { priority: 1 }), lane("b"), lane("c"));
    const served = [1, 2, 3, 4].flatMap(() => divide(book, 1, unlimited, 0).map((claim) => claim.lane));
    expect(served).toEqual(["a", "b", "c", "a"]);
    expect(limits(divide(book, 2, unlimited, 0))).toEqual({ "b:0": 1, "c:0": 1 });
  });

  test("go on where they were when a look finds that the next lane has no rows any more", () => {
    const book = bookOf(lane("a"), lane("b"), lane("c"), lane("d"));
    divide(book, 2, unlimited, 0);
    book.learn([lane("a"), lane("b"), lane("d")], 0);
    expect([...book.ready(0)].map((ready) => ready.lane)).toEqual(["d", "a", "b"]);
  });

  test("never exceed what an account may still send, and the rest goes to the others", () => {
    const lanes = bookOf(lane("a"), lane("b"), lane("c", { account: "vendas" }));
    const allowances = new Map([
      ["default", 3],
      ["vendas", 100],
    ]);
    const claims = limits(divide(lanes, 20, allowances, 0));
    expect((claims["a:0"] ?? 0) + (claims["b:0"] ?? 0)).toBe(3);
    expect(claims["c:0"]).toBe(17);
  });

  test("are not given to a lane of which nothing is allowed", () => {
    expect(divide(bookOf(lane("a", { account: "stranger" })), 8, unlimited, 0)).toEqual([]);
  });
});

describe("within a lane", () => {
  test("only the most urgent priority that has due rows is served", () => {
    const book = bookOf(
      lane("a", { priority: 5 }),
      lane("a", { priority: -1, dueInMs: 60_000 }),
      lane("a", { priority: 1 }),
    );
    expect(limits(divide(book, 8, unlimited, 0))).toEqual({ "a:1": 8 });
    expect(limits(divide(book, 8, unlimited, 60_000))).toEqual({ "a:-1": 8 });
  });

  test("the next claim goes on behind the last row, and a lane that gave less than asked is left until the next look", () => {
    const book = bookOf(lane("a"));
    const first = divide(book, 4, unlimited, 0);
    first.forEach((claim) => book.advance([claim], rowsFor(claim, 4)));
    const second = divide(book, 4, unlimited, 0);
    expect(second).toMatchObject([{ lane: "a", priority: 0, after: { dueAtUs: "1000", id: "4" }, limit: 4 }]);

    second.forEach((claim) => book.advance([claim], rowsFor(claim, 3)));
    expect(divide(book, 4, unlimited, 0)).toEqual([]);

    book.learn([lane("a")], 0);
    expect(divide(book, 4, unlimited, 0)).toMatchObject([{ after: null }]);
  });
});

test("it knows when the next scheduled row is due", () => {
  expect(bookOf(lane("a"), lane("b", { dueInMs: 500 }), lane("c", { dueInMs: 900 })).nextDueInMs(100)).toBe(
    400,
  );
  expect(bookOf(lane("a")).nextDueInMs(0)).toBeNull();
});

test("of a full claim the next goes on behind its last row, not behind those that were only put off", () => {
  const book = bookOf(lane("a"));
  const [claim] = divide(book, 1, unlimited, 0);
  if (claim === undefined) throw new Error("Nothing is divided.");
  const [first] = rowsFor(claim, 1);
  if (first === undefined) throw new Error("There is no row.");

  book.advance([{ ...claim, scan: 200 }], [first], [{ ...first, id: "90", dueAtUs: "9000" }]);

  expect(divide(book, 1, unlimited, 0)).toMatchObject([{ after: { dueAtUs: first.dueAtUs, id: first.id } }]);
});

const likely = (): boolean => true;

function drainedBook(...names: readonly string[]): LaneBook {
  const book = bookOf(...names.map((name) => lane(name)));
  for (const claim of divide(book, names.length, unlimited, 0))
    book.advance([{ ...claim, limit: 2 }], rowsFor(claim, 1));
  return book;
}

describe("after an insert was reported", () => {
  test("a drained lane is claimed from once more, behind what was claimed, and no other", () => {
    const book = drainedBook("a", "b");
    expect(divide(book, 4, unlimited, 0)).toEqual([]);

    expect(book.expectMore(({ lane: name }) => name === "a")).toBe(true);

    const after = { dueAtUs: "1000", id: "1" };
    expect(divide(book, 4, unlimited, 0)).toEqual([{ lane: "a", priority: 0, after, limit: 4, scan: 0 }]);
  });

  test("a lane without rows is remembered for as long as was said, and then forgotten", () => {
    const book = drainedBook("a");
    book.learn([], 999);
    expect([...book.ready(999)]).toEqual([]);
    expect(book.expectMore(likely)).toBe(true);
    expect([...book.ready(999)]).toHaveLength(1);

    const forgotten = drainedBook("a");
    forgotten.learn([], 1000);
    expect(forgotten.expectMore(likely)).toBe(false);
  });

  test("a look that finds rows reads the lane from its beginning", () => {
    const book = drainedBook("a");
    book.learn([lane("a")], 500);
    expect(book.expectMore(likely)).toBe(false);
    expect(divide(book, 1, unlimited, 500)).toMatchObject([{ lane: "a", after: null }]);
  });

  test("of many drained lanes none is tried: a look is cheaper", () => {
    const names = Array.from({ length: 17 }, (_, i) => `lane${i}`);
    expect(drainedBook(...names).expectMore(likely)).toBe(false);
  });
});
