import { expect, test } from "vitest";

import { LoginLimiter } from "./login-limiter.ts";

test("five tries are free, then each waits twice as long as the last, up to a quarter of an hour", () => {
  const limiter = new LoginLimiter();
  const waits = Array.from({ length: 20 }, () => {
    limiter.failed(["name ana"], 0);
    return limiter.waitMs(["name ana"], 0);
  });
  expect(waits.slice(0, 7)).toEqual([0, 0, 0, 0, 2000, 4000, 8000]);
  expect(waits.at(-1)).toBe(900_000);
  expect(limiter.waitMs(["name ana"], 900_000)).toBe(0);
});

test("a new name does not help an address that guesses, nor a new address a name that is guessed", () => {
  const limiter = new LoginLimiter();
  for (let i = 0; i < 5; i += 1) limiter.failed([`name ${i}`, "from 10.0.0.1"], 0);
  expect(limiter.waitMs(["name 99", "from 10.0.0.1"], 0)).toBe(2000);
  for (let i = 0; i < 5; i += 1) limiter.failed(["name ana", `from 10.0.1.${i}`], 0);
  expect(limiter.waitMs(["name ana", "from 10.0.2.1"], 0)).toBe(2000);
});

test("a log-in frees the name, and invented names do not fill the memory", () => {
  const limiter = new LoginLimiter();
  for (let i = 0; i < 6; i += 1) limiter.failed(["name ana"], 0);
  limiter.succeeded("name ana");
  expect(limiter.waitMs(["name ana"], 0)).toBe(0);
  for (let i = 0; i < 6; i += 1) limiter.failed(["first"], 0);
  for (let i = 0; i < 10_000; i += 1) limiter.failed([`name ${i}`], 0);
  expect(limiter.waitMs(["first"], 0)).toBe(0);
});
