import { awaitsAnswer } from "../rules/row-rules.ts";
import type { State } from "../state.ts";
import type { Step } from "../steps/step.ts";
import type { Outcome, Progress, Story } from "./story.ts";

/** What of the story may happen in this step; empty: the step contradicts the story. */
export function consumptions(
  before: State,
  step: Step,
  progress: Progress,
  story: Story,
): readonly Progress[] {
  const answer = story.answers[progress.answers];
  const further = { ...progress, answers: progress.answers + 1 };
  const { kind } = step;
  if (kind === "accept" || kind === "accept unheard") {
    return answer === "accepted" || answer === "ambiguous" ? [further] : [];
  }
  if (kind === "reject") return answer === "refused" ? [further] : [];
  // Without an answer of the API: no connection, or it was closed before the request was written.
  if (kind === "refuse for now") return answer === "not sent" ? [further, progress] : [progress];
  // It arrived without being accepted, or never arrived.
  if (kind === "vanish")
    return answer === undefined || answer === "accepted" ? [progress] : [further, progress];
  if (kind === "settle" || kind === "settle unheard") return recorded(before, step, progress);
  return kind.startsWith("resolve ") ? [] : [progress];
}

/** An answer to a row that still waits for it is recorded; a later one unless it was recorded before. */
function recorded(before: State, { claim: index, row }: Step, progress: Progress): readonly Progress[] {
  const claim = before.claims[index ?? -1];
  const outcome = claim && outcomes[claim.memory];
  // Too late to be sent: no request was made.
  if (claim === undefined || outcome === undefined) return [progress];
  const left = progress.attempts[outcome];
  const taken = left > 0 ? [{ ...progress, attempts: { ...progress.attempts, [outcome]: left - 1 } }] : [];
  const marks = before.primary.rows[row ?? 0];
  const isFirst =
    marks !== null &&
    marks !== undefined &&
    awaitsAnswer(marks, { claim: (index ?? 0) + 1, claimedBy: claim.by });
  return isFirst ? taken : [...taken, progress];
}

const outcomes: Readonly<Record<string, Outcome | undefined>> = {
  accepted: "accepted",
  rejected: "rejected",
  notSent: "not_sent",
  unknown: "unknown",
};
