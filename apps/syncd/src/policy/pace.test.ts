import { describe, expect, test } from "vitest";

import { Pace } from "./pace.ts";

function paceWith(count: number, startsInMs = 0): Pace {
  const pace = new Pace(50);
  pace.add(startsInMs, count, 1000);
  return pace;
}

describe("a reserved time", () => {
  test("may be used when it comes, and not before", () => {
    const pace = paceWith(3);
    expect(pace.available(1000)).toBe(1);
    expect(pace.available(1019)).toBe(1);
    expect(pace.available(1040)).toBe(3);
    pace.take(3);
    expect(pace.available(1040)).toBe(0);
  });

  test("expires if not used soon: late messages must not join those on time", () => {
    expect(paceWith(3).available(1250)).toBe(3);
    expect(paceWith(3).available(1251)).toBe(2);
    expect(paceWith(3).available(2000)).toBe(0);
  });

  test("of a slow rate stays valid until the next one comes", () => {
    const pace = new Pace(0.2);
    pace.add(0, 1, 0);
    expect(pace.available(4900)).toBe(1);
    expect(pace.available(5100)).toBe(0);
  });

  test("gives the wait until it comes; without one, there is something to reserve", () => {
    expect(paceWith(1, 80).nextInMs(1000)).toBe(80);
    expect(paceWith(1).nextInMs(1100)).toBe(0);
    expect(new Pace(50).nextInMs(0)).toBeNull();
  });
});

describe("a reservation", () => {
  test("follows when the last one is used up, and covers at most a quarter of a second", () => {
    const pace = new Pace(50);
    const reservations: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const count = pace.wanted(1000, 0);
      reservations.push(count);
      pace.add(0, count, 0);
      expect(pace.wanted(1000, 0)).toBe(0);
      pace.take(count);
    }
    expect(reservations).toEqual([2, 4, 8, 13, 13]);
  });

  test("takes no more than can be used, because the other instances lose the rest", () => {
    const pace = new Pace(5000);
    expect(pace.wanted(1, 0)).toBe(1);
    pace.add(0, 100, 0);
    pace.take(3);
    expect(pace.available(1000)).toBe(0);
    expect(pace.wanted(8, 1000)).toBe(6);
  });

  test("has at least one time, however slow the rate", () => {
    expect(new Pace(0.1).wanted(8, 0)).toBe(1);
  });
});
