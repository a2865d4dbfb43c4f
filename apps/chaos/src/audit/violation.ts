/** What must never be. Each is a guarantee that was broken, or an error of the scenario itself. */
export const violationKinds = {
  row_lost: "committed, and not in the table",
  row_twice: "in the table more than once",
  row_from_nowhere: "in the table, and no producer has committed it",
  row_not_settled: "still pending or sending when nothing goes wrong any more",
  sent_twice: "accepted by the API more than once",
  sent_without_acceptance: "sent, and the API has not accepted it",
  accepted_unnoticed: "accepted by the API, and neither sent nor unknown",
  asked_again: "requested again after an answer that did not prove that it was not sent",
  message_from_nowhere: "accepted by the API for a number that no producer has committed",
  sent_late: "accepted by the API after expires_at",
  reference_of_another: "stored with a reference that the API did not give to it",
  unknown_without_reason: "unknown, and nothing has happened that could have made it so",
  too_many_lost: "more rows lost at once by an instance than it may have on the wire",
  attempt_twice: "the same attempt recorded twice",
  attempt_missing: "sent, and no accepted attempt of its last claim, with the same reference, is recorded",
  answer_ignored: "unknown, and an answer to its last claim is recorded that says what became of it",
  attempt_unexplained: "an accepted attempt is recorded, and the row is not sent",
  too_many_sending: "more rows in sending than an instance may have on the wire",
  stop_unclean: "a stop by SIGTERM did not end with exit code 0, and the database was well",
  stop_left_rows: "a clean stop left rows in sending",
  ended_by_itself: "an instance ended without being asked to",
} as const;

export type ViolationKind = keyof typeof violationKinds;

export interface Violation {
  readonly kind: ViolationKind;
  /** The row that it is about; null where it is about an instance, or a row that is not there. */
  readonly rowId: string | null;
  /** The instance that it is about, if it is about one. */
  readonly instance?: string;
  /** What was found, in a sentence without a whole telephone number. */
  readonly finding: string;
}
