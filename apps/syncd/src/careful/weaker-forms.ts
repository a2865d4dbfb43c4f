import type { Settlement } from "@talkme/outbox/daemon";

import { asciiText } from "../text/storable-text.ts";

/**
 * Weaker forms of an answer that the database refuses, the strongest first: without the characters that its encoding lacks,
 * without its attempt, as `unknown`, and as `unknown` without its attempt.
 */
export function weakerForms(settlement: Settlement): readonly Settlement[] {
  const { response, reference, error, status } = settlement;
  const unknown: Settlement = {
    ...settlement,
    status: "unknown",
    retryInMs: null,
    refundAttempt: false,
    response: null,
    reference: null,
    errorCode: "answer_refused",
    error: `The row was to become ${status}, which a trigger or constraint of the database refuses.`,
  };
  return [
    {
      ...settlement,
      response: asciiText(response),
      reference: asciiText(reference),
      error: asciiText(error),
    },
    { ...settlement, attempt: null },
    unknown,
    { ...unknown, attempt: null },
  ];
}
