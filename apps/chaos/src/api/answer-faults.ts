import { successShapes, type Fault } from "@talkme/simulator";

import type { Meaning } from "./meaning.ts";

/** A way in which the API misbehaves. */
export interface AnswerFault {
  /** Also the name of the simulator's rule, which the ledger shows. */
  readonly name: string;
  readonly meaning: Meaning;
  readonly probability: number;
  readonly fault: Fault;
}

const rare = 0.003;
const veryRare = 0.0005;

/** Longer than the daemon waits for an answer. */
const tooSlow = { bytes: 2, intervalMs: 400 } as const;

/**
 * Every kind of fault of the simulator, with its meaning for a client. Not among them: an API that lies, answering 404, 429
 * or 503 to an accepted message, which no client can detect.
 */
export const answerFaults: readonly AnswerFault[] = [
  ...(["before", "after"] as const).flatMap((when): readonly AnswerFault[] => [
    ambiguous(`500 ${when}`, { kind: "status", status: 500, when }),
    ambiguous(`502 ${when}`, { kind: "status", status: 502, when }),
    ambiguous(`504 ${when}`, { kind: "status", status: 504, body: "<html>Gateway Time-out</html>", when }),
    ambiguous(`web page ${when}`, { kind: "html", when }),
    ambiguous(`redirect ${when}`, { kind: "redirect", when }),
    ambiguous(`empty ${when}`, { kind: "empty", when }),
    ambiguous(`empty 500 ${when}`, { kind: "empty", status: 500, when }),
    ambiguous(`garbage ${when}`, { kind: "garbage", when }),
    ambiguous(`slow drip ${when}`, { kind: "drip", ...tooSlow, when }),
    // Each keeps the patient instance waiting for seconds.
    answer(`hang ${when}`, "ambiguous", { kind: "hang", when }, 0.001),
    ambiguous(`drop ${when}`, { kind: "drop", when }),
    ambiguous(`reset at the start ${when}`, { kind: "reset", at: "start", when }),
    ambiguous(`reset at half ${when}`, { kind: "reset", at: "half", when }),
    ambiguous(`truncated ${when}`, { kind: "truncate", when }),
  ]),
  ambiguous("drop unread", { kind: "drop", when: "unread" }),
  // Before acceptance the ordinary answer is a gateway's 502.
  ambiguous("huge before", { kind: "huge", bytes: 200_000, when: "before" }),
  ambiguous("drip before", { kind: "drip", bytes: 8, intervalMs: 5, when: "before" }),

  ambiguous("huge after", { kind: "huge", bytes: 200_000, when: "after" }),
  answer("drip after", "accepted", { kind: "drip", bytes: 4, intervalMs: 5, when: "after" }),
  ...successShapes
    .filter((shape) => shape !== "protocol")
    .map((shape) => answer(`success ${shape}`, "accepted", { kind: "success", shape }, 0.02)),

  ...(["json-error", "json-wrapped-error", "error-echo"] as const).map((shape) =>
    answer(`failure ${shape}`, "refused", { kind: "failure", shape }),
  ),
  answer("400", "refused", { kind: "status", status: 400 }),

  answer("503", "not sent", { kind: "status", status: 503 }, 0.01),
  answer("503 with a date", "not sent", {
    kind: "status",
    status: 503,
    retryAfterSeconds: 1,
    retryAfterForm: "http-date",
  }),

  // These make the whole account wait for a second or two: rare, or nothing else would happen.
  answer("404", "refused", { kind: "failure", shape: "not-found" }),
  answer("404 in a 200", "refused", { kind: "failure", shape: "not-found-text" }, veryRare),
  answer("wrong parameter in a 200", "refused", { kind: "failure", shape: "wrong-parameter-text" }, veryRare),
  answer("401", "not sent", { kind: "status", status: 401 }, veryRare),
  answer("403", "not sent", { kind: "status", status: 403 }, veryRare),
  answer("429", "not sent", { kind: "status", status: 429 }, veryRare),
  answer("429 with Retry-After", "not sent", { kind: "status", status: 429, retryAfterSeconds: 1 }, veryRare),
];

function ambiguous(name: string, fault: Fault): AnswerFault {
  return answer(name, "ambiguous", fault);
}

function answer(name: string, meaning: Meaning, fault: Fault, probability = rare): AnswerFault {
  return { name, meaning, probability, fault };
}
