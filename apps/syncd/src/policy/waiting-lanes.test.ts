import type { QueuedLane } from "@talkme/outbox/daemon";
import { expect, test } from "vitest";

import { WaitingLanes } from "./waiting-lanes.ts";

const evening = 1_800_000_000;
const hour = 3600;
const nothing = { lanes: 0, oldestSeconds: 0 };

function lane(
  name: string,
  dueAtSeconds: number,
  nowSeconds: number,
  rule: Partial<Pick<QueuedLane, "paused" | "closedForMs">> = {},
): QueuedLane {
  return {
    lane: name,
    priority: 0,
    account: "default",
    dueInMs: (dueAtSeconds - nowSeconds) * 1000,
    dueAtSeconds,
    acceptedAgoMs: null,
    notFounds: 0,
    quietForMs: 0,
    paused: false,
    restricted: false,
    closedForMs: 0,
    partlyClosed: false,
    ratePerSecond: null,
    rules: "/",
    age: null,
    ...rule,
  };
}

test("a paused lane, or one closed everywhere, is counted apart, with its own age", async () => {
  const now = evening + hour;
  const lanes = [
    lane("default/1/-", evening, now, { paused: true }),
    lane("default/2/-", evening + 60, now, { closedForMs: 1000 }),
    lane("default/3/-", evening + 120, now),
    lane("default/4/-", now + 60, now),
  ];

  expect(await new WaitingLanes().see([{ lanes, nowSeconds: now }])).toEqual({
    free: { lanes: 1, oldestSeconds: evening + 120 },
    stopped: {
      pause: { lanes: 1, oldestSeconds: evening },
      window: { lanes: 1, oldestSeconds: evening + 60 },
    },
  });
});

test("a lane that was stopped has waited since then, and only while it has rows", async () => {
  const waiting = new WaitingLanes();
  const at = async (now: number, lanes: readonly QueuedLane[]): Promise<unknown> =>
    (await waiting.see([{ lanes, nowSeconds: now }])).free;
  const opens = evening + 12 * hour;

  expect(await at(opens, [lane("default/1/-", evening, opens, { closedForMs: 1 })])).toEqual(nothing);
  for (const now of [opens + 10, opens + 20]) {
    const lanes = [lane("default/1/-", evening, now)];
    expect(await at(now, lanes)).toEqual({ lanes: 1, oldestSeconds: opens });
  }
  // Its first row is a younger one by now.
  const later = opens + hour;
  expect(await at(later, [lane("default/1/-", later - 5, later)])).toEqual({
    lanes: 1,
    oldestSeconds: later - 5,
  });
  expect(await at(later, [])).toEqual(nothing);
  expect(await at(later, [lane("default/1/-", evening, later)])).toEqual({
    lanes: 1,
    oldestSeconds: evening,
  });
});

test("the same lane's other priorities stop with it", async () => {
  const now = evening + hour;
  const first = lane("default/1/-", evening, now, { paused: true });
  const pages = [first, { ...first, priority: 5, dueAtSeconds: evening + 5 }].map((one) => ({
    lanes: [one],
    nowSeconds: now,
  }));
  expect((await new WaitingLanes().see(pages)).stopped.pause).toEqual({
    lanes: 2,
    oldestSeconds: evening,
  });
});
