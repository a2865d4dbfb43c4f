import { expect, test } from "vitest";

import { auditOf } from "./audit.ts";
import type { Fate } from "./disturbed-queue.ts";

function audit(fates: readonly (Fate | null)[], accepted: readonly number[]): ReturnType<typeof auditOf> {
  const known = fates.flatMap((fate, index) => (fate === null ? [] : [[index + 1, fate] as const]));
  return auditOf(fates.length, new Map(known), accepted);
}

test("a job that the queue has done with and that nobody got is lost, also if it is gone or has failed", () => {
  expect(audit(["done", "failed", null, "done"], [4])).toEqual({ lost: 3, twice: 0, unknown: 0, waiting: 0 });
});

test("a job that was accepted twice or more often counts once, whatever the queue says", () => {
  expect(audit(["done", "waiting", "unknown"], [1, 1, 1, 2, 2, 3]).twice).toBe(2);
});

test("a job that waits, for a person or for its turn, is not lost", () => {
  expect(audit(["unknown", "waiting"], [])).toEqual({ lost: 0, twice: 0, unknown: 1, waiting: 1 });
});
