/**
 * What an answer says clearly: `one` is the figure 1, alone or before fields; `success` a word of success;
 * `reference` a protocol or an id, and nothing else.
 */
export const clearAnswers = ["one", "success", "reference"] as const;

export type ClearAnswer = (typeof clearAnswers)[number];

/** What was read in an answer whose every part is known. */
export interface Saying {
  /** Null: its parts are known, but none says yes. */
  readonly says: ClearAnswer | null;
  readonly reference: string | null;
}
