/** What was observed of a row from outside: by the API, in `talkme.attempt`, and in the row at the end. */
export interface Story {
  readonly onUnknown: "hold" | "resend";
  /** The API's answers to its requests, in order. `ambiguous`: whether it accepted the message does not follow from the answer. */
  readonly answers: readonly ("accepted" | "refused" | "not sent" | "ambiguous")[];
  /** The recorded outcomes, in any order. */
  readonly attempts: readonly Outcome[];
  /** How often the API accepted its message. */
  readonly accepted: number;
  readonly status: "pending" | "sending" | "sent" | "failed" | "unknown";
}

export type Outcome = "accepted" | "rejected" | "not_sent" | "unknown";

/** Stories with the same key are alike. */
export function storyKey({ onUnknown, answers, attempts, accepted, status }: Story): string {
  return [
    onUnknown,
    answers.join(),
    attempts.toSorted((a, b) => a.localeCompare(b)).join(),
    accepted,
    status,
  ].join(";");
}

/** How far a story has been followed. */
export interface Progress {
  /** Answers of the API that have happened. */
  readonly answers: number;
  /** Attempts that are not recorded yet. */
  readonly attempts: Readonly<Record<Outcome, number>>;
}
