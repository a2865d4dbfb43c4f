import { databaseWalks, designs, settingOf, stepsOf, type DesignName } from "@talkme/model";
import { expect, test } from "vitest";

import { settleAndClaim } from "../src/daemon.ts";
import { Walker } from "./model-walks/walker.ts";
import { brokenStatements } from "./state-machine/broken-statements.ts";
import { daemonStatements, RealOutbox, type Statements } from "./state-machine/real-outbox.ts";

/**
 * The tables are put back as a promotion would, but the server stays the same. So what the guard of history makes of answers from
 * before a change is left out of the walks.
 */
const guardsOfServers = ["answers-before", "turns-before"] as const;

const walked: readonly DesignName[] = ["one primary", "standby, promotion"];
const walksOf = new Map(
  walked.map((name) => [name, databaseWalks(settingOf(designs[name], guardsOfServers))] as const),
);

const withoutRefunds: Statements = {
  ...daemonStatements,
  settleAndClaim: async (db, instance, settlements, ...rest) =>
    settleAndClaim(
      db,
      instance,
      settlements.map((settlement) => ({ ...settlement, refundAttempt: false })),
      ...rest,
    ),
};

async function walkAll(name: DesignName, real: RealOutbox): Promise<void> {
  for (const [kind, trace] of walksOf.get(name) ?? []) {
    await new Walker(real, designs[name]).walk(trace).catch((cause: unknown) => {
      const steps = trace.map(({ step }) => `${step.kind} ${step.instance ?? ""} ${step.row ?? ""}`);
      throw new Error(`${kind}\n${steps.join("\n")}`, { cause });
    });
  }
}

test.each(walked)(
  "in the model’s design “%s” every kind of edge that is a statement does to real rows what the model says",
  async (name) => {
    expect(walksOf.get(name)?.size).toBeGreaterThan(20);

    await expect(walkAll(name, await RealOutbox.open())).resolves.toBeUndefined();
  },
);

test.each([
  [
    "gives back what it has dispatched",
    "standby, promotion",
    brokenStatements["gives back what it has dispatched"],
  ],
  ["counts an attempt that never began", "one primary", withoutRefunds],
] as const)("the walks find a daemon that %s", async (_what, name, statements) => {
  const real = await RealOutbox.open(statements);

  await expect(walkAll(name, real)).rejects.toThrow("sending -> ");
});

test("no statement of the model is left out of the walks", () => {
  const kinds = [...walksOf.values()].flatMap((walks) => Array.from(walks.keys()));

  const left = Object.keys(stepsOf.database).filter(
    (statement) =>
      !kinds.some((kind) => kind.startsWith(`${statement}:`) || kind.startsWith(`${statement} `)),
  );

  // Only a daemon without the durable mark takes that step.
  expect(left).toEqual(["mark afterwards"]);
});
