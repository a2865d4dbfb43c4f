import * as fc from "fast-check";

import type { Daemon } from "./model.ts";
import { repairs, type RepairName } from "./person.ts";
import { StepCommand } from "./step-command.ts";
import type { Step } from "./step.ts";
import type { AnswerPlan } from "./turn-plan.ts";

const daemon = fc.constantFrom<Daemon>("a", "b");
/** Stands for one of the rows or claims that exist when the step is run. */
const anyOf = fc.nat(1000);
const onUnknown = fc.constantFrom("hold" as const, "resend" as const);
/** Few lanes, so that the daemons compete for them. */
const campaign = fc.constantFrom(1, 1, 1, 2);
const priority = fc.constantFrom(0, 0, 0, 1);
const locked = fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: anyOf });

const answer: fc.Arbitrary<AnswerPlan> = fc.record({
  claim: anyOf,
  says: fc.constantFrom("accepted", "rejected", "invalid", "not sent", "late", "unknown"),
  retryInMinutes: fc.integer({ min: 0, max: 2 }),
  forged: fc.oneof(
    { weight: 6, arbitrary: fc.constant("no" as const) },
    { weight: 1, arbitrary: fc.constantFrom("earlier claim", "later claim", "other instance") },
  ),
});

const wishes = fc.uniqueArray(fc.record({ campaign, priority, limit: fc.integer({ min: 1, max: 3 }) }), {
  maxLength: 3,
  selector: (wish) => `${wish.campaign} ${wish.priority}`,
});

const insert: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("insert"),
  count: fc.integer({ min: 1, max: 3 }),
  campaign,
  priority,
  sendInMinutes: fc.constantFrom(0, 0, 0, 1, 2),
  expiresInMinutes: fc.constantFrom(null, null, null, -1, 1, 2, 90),
  maxAttempts: fc.constantFrom(null, null, 1, 2),
  onUnknown: fc.constantFrom(null, "hold", "resend"),
});

const turn: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("turn"),
  daemon,
  answers: fc.array(answer, { maxLength: 3 }),
  wishes,
  locked,
});

const life: fc.Arbitrary<Step> = fc.record({
  do: fc.constantFrom("heartbeat", "come back", "unregister"),
  daemon,
});

const rescue: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("rescue"),
  onUnknown,
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  locked,
});

const reclaiming: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("reclaim"),
  daemon,
  knows: fc.constantFrom("all", "all but the last", "none"),
  lost: fc.constantFrom("all turns", "the last turn", "none"),
  late: fc.boolean(),
});

const expiry: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("expire overdue"),
  limit: fc.constantFrom(1, 100),
});

const repair: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("repair"),
  repair: fc.constantFrom<RepairName>(...repairNames()),
  row: anyOf,
});

const time: fc.Arbitrary<Step> = fc.record({
  do: fc.constant("time passes"),
  minutes: fc.constantFrom(1, 1, 1, 2, 60),
});

/** Histories of the table: lists of steps in which the usual ones are more frequent. */
export function arbitraryLives(maxSteps: number, replayPath?: string) {
  const usual = [insert, turn, turn, rescue, reclaiming, repair, time];
  const weighted = [...usual, ...usual, life, expiry];
  return fc.commands(
    weighted.map((step) => step.map((made) => new StepCommand(made))),
    { maxCommands: maxSteps, size: "max", ...(replayPath !== undefined && { replayPath }) },
  );
}

function repairNames(): readonly RepairName[] {
  const names: readonly string[] = Object.keys(repairs);
  return names.filter((name): name is RepairName => name in repairs);
}
