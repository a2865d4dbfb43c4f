import { describe, expect, test } from "vitest";

import { Pace } from "./pace.ts";

function paceWith(count: number, startsInMs = 0): Pace {
  const pace = new Pace(50);
  pace.add(startsInMs, count, 1000);
  return pace;
}

describe("a reserved time", () => {
  test("may be used when it has come, and not before", () => {
    const pace = paceWith(3);
    expect(pace.available(1000)).toBe(1);
    expect(pace.available(1019)).toBe(1);
    expect(pace.available(1040)).toBe(3);
    pace.take(3);
    expect(pace.available(1040)).toBe(0);
  });

  test("is lost when it was not used soon: what is late must not come with what is in time", () => {
    expect(paceWith(3).available(1250)).toBe(3);
    expect(paceWith(3).available(1251)).toBe(2);
    expect(paceWith(3).available(2000)).toBe(0);
  });

  test("says how long to wait for it; without one there is something to reserve", () => {
    expect(paceWith(1, 80).nextInMs(1000)).toBe(80);
    expect(paceWith(1).nextInMs(1100)).toBe(0);
    expect(new Pace(50).nextInMs(0)).toBeNull();
  });
});

describe("a reservation", () => {
  test("is made when the last one is used up, for a quarter of a second at most", () => {
    const pace = new Pace(50);
    expect(pace.wanted(1000, 0)).toBe(13);
    pace.add(0, 13, 0);
    expect(pace.wanted(1000, 0)).toBe(0);
    pace.available(10);
    pace.take(13);
    expect(pace.wanted(1000, 10)).toBe(13);
  });

  test("takes no more than can be used: what is lost here is lost for the other instances", () => {
    const pace = new Pace(5000);
    expect(pace.wanted(8, 0)).toBe(8);
    pace.add(0, 8, 0);
    pace.take(8);
    expect(pace.wanted(8, 0)).toBe(16);
  });

  test("is of at least one, however slow the rate", () => {
    expect(new Pace(0.1).wanted(8, 0)).toBe(1);
  });
});
