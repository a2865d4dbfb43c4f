import { expect, test } from "vitest";

import { acceptedAt, sentOnce } from "../../test/support/sent-once.ts";
import type { Evidence } from "./evidence.ts";
import { replayStories } from "./replay-stories.ts";

const entry = acceptedAt(0);
const answer = { answered: "protocol", meaning: "accepted" } as const;

function evidence(changes: Partial<Evidence>): Evidence {
  return { ...sentOnce, ledger: [entry], ...changes };
}

test("the story of a row that was sent once is a path of the model", () => {
  expect(replayStories(evidence({}))).toEqual({ rows: 1, stories: 1, undecided: 0, violations: [] });
});

test("the forged story of a row that was sent twice is none", () => {
  const forged = { ledger: [entry, entry], answersTo: () => [answer, answer] };

  expect(replayStories(evidence(forged)).violations).toMatchObject([
    { kind: "not_in_the_model", rowId: "1" },
  ]);
});

test("a row that a person or a trigger touched is left out", () => {
  const meddling = { ...evidence({}).meddling, isTriggered: () => true };

  expect(replayStories(evidence({ meddling, ledger: [entry, entry] }))).toEqual({
    rows: 0,
    stories: 0,
    undecided: 0,
    violations: [],
  });
});
