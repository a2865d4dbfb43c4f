import { expect, test } from "vitest";

import { findWindowFault } from "./sending-window.ts";

test.each(["mon-fri 9:00-19:00", "Seg-Sex 9-19, sab 9:00-13:00", "sun 0-24", "fri-mon 22:30-24:00"])(
  "a sending window: %s",
  (text) => expect(findWindowFault(text)).toBeNull(),
);

test.each([
  ["mon-fri 9:00-19:00, sat", "sat"],
  ["mon-fry 9-19", "mon-fry 9-19"],
  ["mon 19-9", "mon 19-9"],
  ["mon 9-24:01", "mon 9-24:01"],
  ["mon 9:60-19", "mon 9:60-19"],
  ["", ""],
])("an invalid window is reported by its first wrong part: %s", (text, fault) => {
  expect(findWindowFault(text)).toBe(fault);
});
