import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { arbitraryLives } from "./state-machine/arbitrary-steps.ts";
import { brokenStatements } from "./state-machine/broken-statements.ts";
import { Model } from "./state-machine/model.ts";
import { register } from "./state-machine/perform.ts";
import { RealOutbox } from "./state-machine/real-outbox.ts";

/** More runs find more: `PROPERTY_RUNS=5000` takes a night. */
const runs = Number(process.env["PROPERTY_RUNS"] ?? 200);

/** To repeat a failure, use its printed seed, path and the replayPath in the comment after the counterexample. */
const { PROPERTY_SEED: seed, PROPERTY_PATH: path, PROPERTY_REPLAY_PATH: replayPath } = process.env;

/** Asserts that every generated history follows docs/state-machine.md. */
function everyLifeGoesAsTheModelSays(real: RealOutbox, replayFrom?: string) {
  return fc.asyncProperty(arbitraryLives(40, replayFrom), async (steps) => {
    await real.empty();
    const model = new Model();
    await register("a", model, real);
    await register("b", model, real);
    await fc.asyncModelRun(() => ({ model, real }), steps);
  });
}

test(
  "whatever producers, daemons, people and the clock do, in any order, a row follows the state machine",
  { timeout: 60_000 + runs * 1000 },
  async () => {
    const real = await RealOutbox.open();
    const search = fc.assert(everyLifeGoesAsTheModelSays(real, replayPath), {
      numRuns: runs,
      ...(seed !== undefined && { seed: Number(seed) }),
      ...(path !== undefined && { path }),
    });
    await expect(search).resolves.toBeUndefined();
  },
);

describe("the property finds, and reduces to a few steps, a daemon that", () => {
  test.each(Object.entries(brokenStatements))("%s", { timeout: 120_000 }, async (_what, statements) => {
    const real = await RealOutbox.open(statements);

    const { failed, counterexample } = await fc.check(everyLifeGoesAsTheModelSays(real), { numRuns: 1000 });

    expect(failed).toBe(true);
    expect([...(counterexample?.[0] ?? [])].length).toBeLessThanOrEqual(6);
  });
});
