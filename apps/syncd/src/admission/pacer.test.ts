import { expect, test } from "vitest";

import { Database } from "../database/database.ts";
import { Pacer } from "./pacer.ts";

// Nothing here asks it.
const database = new Database("postgresql://nobody@127.0.0.1:1/none", () => {});

const configured = new Map([
  ["account:default", 20],
  ["campaign:1", 5],
  ["campaign:2", 6],
]);

test("each scope is reported once when it gets a rate, wherever that comes from", () => {
  const reported: string[] = [];
  const pacer = new Pacer(database, new Map([["account:default", 20]]), (scope) => reported.push(scope));
  expect(reported).toEqual(["account:default"]);
  pacer.learn([{ lane: "default/7/-", ratePerSecond: 2 }]);
  pacer.learn([{ lane: "default/7/-", ratePerSecond: 3 }]);
  pacer.setRates(
    new Map([
      ["account:default", 10],
      ["channel:9", 1],
    ]),
  );
  expect(reported).toEqual(["account:default", "campaign:7", "channel:9"]);
});

test("a campaign's rate in the table is stronger than a configured one, before and after a reload", () => {
  const pacer = new Pacer(database, configured);
  pacer.learn([
    { lane: "default/1/-", ratePerSecond: 2 },
    { lane: "default/2/-", ratePerSecond: null },
  ]);
  expect(pacer.rates).toEqual(new Map([...configured, ["campaign:1", 2]]));

  pacer.setRates(
    new Map([
      ["account:default", 10],
      ["campaign:1", 50],
      ["campaign:2", 60],
    ]),
  );
  expect(pacer.rates).toEqual(
    new Map([
      ["account:default", 10],
      ["campaign:1", 2],
      ["campaign:2", 60],
    ]),
  );

  pacer.learn([{ lane: "default/1/-", ratePerSecond: null }]);
  expect(pacer.rates.get("campaign:1")).toBe(50);
});

test("a scope that a reload no longer names has no limit, unless the table gives it one", () => {
  const pacer = new Pacer(database, configured);
  pacer.learn([{ lane: "default/1/-", ratePerSecond: 2 }]);
  pacer.setRates(new Map());
  expect(pacer.rates).toEqual(new Map([["campaign:1", 2]]));
  expect(pacer.available("account:default", 0)).toBe(Number.POSITIVE_INFINITY);
});

test("after a reload an account is slowed down from its new rate", () => {
  const pacer = new Pacer(database, configured);
  pacer.slowDown("default", 1);
  expect(pacer.rates.get("account:default")).toBe(10);
  pacer.setRates(new Map([["account:default", 8]]));
  pacer.slowDown("default", 1);
  expect(pacer.rates.get("account:default")).toBe(4);
});
