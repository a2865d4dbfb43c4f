import { expect, test } from "vitest";

import { BatchSize } from "./batch-size.ts";

test("answers are written all at once until that takes too long, and again when it no longer does", () => {
  const batch = new BatchSize(1000);
  batch.took(16, 5);
  expect(batch.limit).toBe(Number.POSITIVE_INFINITY);

  batch.took(16, 4800);
  expect(batch.limit).toBe(3);
  batch.took(3, 900);
  expect(batch.limit).toBe(4);
  for (let i = 0; i < 9; i += 1) batch.took(batch.limit, 10);
  expect(batch.limit).toBe(Number.POSITIVE_INFINITY);
});

test("after a turn that failed a few are written at once, at least one; a turn without answers says nothing", () => {
  const batch = new BatchSize(1000);
  batch.failed(0);
  expect(batch.limit).toBe(Number.POSITIVE_INFINITY);
  batch.failed(16);
  expect(batch.limit).toBe(4);
  batch.failed(2);
  expect(batch.limit).toBe(1);
});
