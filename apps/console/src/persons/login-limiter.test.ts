import { expect, test } from "vitest";

import { LoginLimiter } from "./login-limiter.ts";

test("five tries are free, then each waits twice as long as the last, up to a quarter of an hour", () => {
  const limiter = new LoginLimiter(5);
  const waits = Array.from({ length: 20 }, () => {
    limiter.began("ana", 0);
    return limiter.waitMs("ana", 0);
  });
  expect(waits.slice(0, 7)).toEqual([0, 0, 0, 0, 2000, 4000, 8000]);
  expect(waits.at(-1)).toBe(900_000);
  expect(limiter.waitMs("ana", 900_000)).toBe(0);
});

test("a further try after the wait waits longer, but a quiet quarter of an hour forgets everything", () => {
  const limiter = new LoginLimiter(5);
  for (let i = 0; i < 6; i += 1) limiter.began("ana", 0);
  limiter.began("ana", 4001);
  expect(limiter.waitMs("ana", 4001)).toBe(8000);
  limiter.began("ana", 4001 + 8000 + 900_001);
  expect(limiter.waitMs("ana", 4001 + 8000 + 900_001)).toBe(0);
});

test("log-ins that succeed do not make an office behind one address wait", () => {
  const limiter = new LoginLimiter(5);
  for (let i = 0; i < 100; i += 1) {
    limiter.began("10.0.0.1", i);
    limiter.takeBack("10.0.0.1");
  }
  expect(limiter.waitMs("10.0.0.1", 100)).toBe(0);
});

test("invented names do not fill the memory", () => {
  const limiter = new LoginLimiter(5);
  for (let i = 0; i < 6; i += 1) limiter.began("first", 0);
  for (let i = 0; i < 10_000; i += 1) limiter.began(`name ${i}`, 0);
  expect(limiter.waitMs("first", 0)).toBe(0);
});
