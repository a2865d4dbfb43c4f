import { expect, test } from "vitest";

import type { AuditedAttempt, AuditedRow, Evidence } from "./evidence.ts";
import { replayStories } from "./replay-stories.ts";

const numero = "11900000001";

const row: AuditedRow = {
  id: "1",
  numero,
  status: "sent",
  onUnknown: null,
  claimedBy: "host-1",
  fence: 1,
  errorCode: null,
  saysAccepted: false,
  reference: "100",
  expiresAtMs: null,
};
const attempt: AuditedAttempt = {
  outboxId: "1",
  attempt: 1,
  outcome: "accepted",
  reference: "100",
  errorCode: null,
  instance: "host-1",
  startedAtMs: 0,
  durationMs: 50,
};
const entry = {
  numeroDest: numero,
  reference: "100",
  receivedAt: new Date(0).toISOString(),
  answered: "protocol",
};
const answer = { answered: "protocol", meaning: "accepted" } as const;

function evidence(changes: Partial<Evidence>): Evidence {
  return {
    concurrency: 2,
    requestTimeoutMs: 800,
    committed: new Set([numero]),
    uncertain: new Set(),
    meddling: {
      removed: new Map(),
      touched: new Set(),
      decided: new Set(),
      reusedUpToId: 0,
      isTriggered: () => false,
    },
    rows: [row],
    attempts: [attempt],
    ledger: [entry],
    answersTo: () => [answer],
    unattributedAnswers: 0,
    processes: [],
    mostSending: new Map(),
    ...changes,
  };
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
