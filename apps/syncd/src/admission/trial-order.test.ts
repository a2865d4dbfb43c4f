import { pino } from "pino";
import { expect, test } from "vitest";

import { Database } from "../database/database.ts";
import { LaneAnswers } from "./lane-answers.ts";
import type { OpenLane } from "./open-lane.ts";
import { inTrialOrder } from "./trial-order.ts";

// Nothing here asks it.
const database = new Database("postgresql://nobody@127.0.0.1:1/none", () => {});

function open(lane: string, age: number | null = null): OpenLane {
  return { lane, priority: 0, account: lane.split("/")[0] ?? "", age };
}

function order(lanes: readonly OpenLane[], answers: LaneAnswers, newestFirst = false): readonly string[] {
  return inTrialOrder(lanes, answers, newestFirst, 1000).map(({ lane }) => lane);
}

test("a lane that the API took before is tried first, and one that it did not find last", () => {
  const answers = new LaneAnswers(database, pino({ level: "silent" }));
  answers.observe("a", "a/1/-", "not_found", 500);
  answers.observe("a", "a/3/-", "success", 500);
  expect(order([open("a/1/-"), open("a/2/-"), open("a/3/-")], answers)).toEqual(["a/3/-", "a/2/-", "a/1/-"]);
});

test("among equals the lane with the latest row goes first where the newest are asked for, else each in turn", () => {
  const answers = new LaneAnswers(database, pino({ level: "silent" }));
  const lanes = [open("a/1/-"), open("a/2/-", 7), open("a/3/-", 2)];
  expect(order(lanes, answers)).toEqual(["a/1/-", "a/2/-", "a/3/-"]);
  expect(order(lanes, answers, true)).toEqual(["a/3/-", "a/2/-", "a/1/-"]);
});

test("however many lanes of an account are to be tried, those of another are offered, too", () => {
  const answers = new LaneAnswers(database, pino({ level: "silent" }));
  const many = Array.from({ length: 50 }, (_, i) => open(`a/${i}/-`));
  const offered = order([...many, open("b/1/-")], answers);
  expect(offered).toHaveLength(9);
  expect(offered.at(-1)).toBe("b/1/-");
});
