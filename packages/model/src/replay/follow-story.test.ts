import { expect, test } from "vitest";

import { isInModel } from "./follow-story.ts";
import type { Story } from "./story.ts";

const sent: Story = {
  onUnknown: "hold",
  answers: ["accepted"],
  attempts: ["accepted"],
  accepted: 1,
  status: "sent",
};

test.each<[string, Partial<Story>]>([
  ["was sent once", {}],
  [
    "was not taken twice, then accepted",
    { answers: ["not sent", "not sent", "accepted"], attempts: ["not_sent", "not_sent", "accepted"] },
  ],
  ["found no connection, then was accepted", { attempts: ["not_sent", "accepted"] }],
  ["is unknown, because its instance died", { attempts: [], status: "unknown" }],
  [
    "is unknown after an answer that says nothing",
    { answers: ["ambiguous"], attempts: ["unknown"], status: "unknown" },
  ],
  ["was rejected", { answers: ["refused"], attempts: ["rejected"], accepted: 0, status: "failed" }],
  [
    "used up its attempts",
    { answers: ["not sent", "not sent"], attempts: ["not_sent", "not_sent"], accepted: 0, status: "failed" },
  ],
  [
    "was sent again as on_unknown = resend says",
    {
      onUnknown: "resend",
      answers: ["ambiguous", "accepted"],
      attempts: ["unknown", "accepted"],
      accepted: 2,
    },
  ],
])("the model accepts the story of a row that %s", (_what, changes) => {
  expect(isInModel({ ...sent, ...changes })).toBe(true);
});

test.each<[string, Partial<Story>]>([
  ["was sent twice", { answers: ["accepted", "accepted"], attempts: ["accepted", "accepted"], accepted: 2 }],
  [
    "was sent again after an answer that says nothing",
    { answers: ["ambiguous", "accepted"], attempts: ["unknown", "accepted"], accepted: 2 },
  ],
  [
    "was asked for again after its instance died",
    { answers: ["ambiguous", "accepted"], attempts: ["accepted"] },
  ],
  ["is sent, and was never accepted", { answers: ["not sent"], attempts: ["not_sent"], accepted: 0 }],
  ["failed, and was accepted", { status: "failed" }],
  ["has an attempt that nobody made", { attempts: ["accepted", "unknown"] }],
])("the model refuses the forged story of a row that %s", (_what, changes) => {
  expect(isInModel({ ...sent, ...changes })).toBe(false);
});
