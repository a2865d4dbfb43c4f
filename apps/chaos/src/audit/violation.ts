/** A broken guarantee, or an error of the scenario itself. */
export const violationKinds = {
  row_lost: "committed, but not in the table",
  row_twice: "in the table more than once",
  row_from_nowhere: "in the table, but no producer committed it",
  row_not_settled: "still pending or sending after the faults",
  sent_twice: "accepted by the API more than once",
  sent_without_acceptance: "sent, but the API did not accept it",
  accepted_unnoticed: "accepted by the API, but neither sent nor unknown",
  asked_again: "requested again after an answer that did not prove that it was not sent",
  message_from_nowhere: "accepted by the API for a number that no producer committed",
  accepted_and_lost: "accepted by the API, and its row is gone although a standby had to confirm its claim",
  sent_unacknowledged: "accepted by the API after a failover that nobody had acknowledged",
  sent_late: "accepted by the API after expires_at",
  reference_of_another: "stored with another reference than the API gave it",
  unknown_without_reason: "unknown without a known cause",
  too_many_lost: "an instance lost more rows at once than it may have on the wire",
  attempt_twice: "an attempt recorded twice",
  attempt_missing: "sent, without a recorded accepted attempt of its last claim with the same reference",
  answer_ignored: "unknown, although a recorded answer to its last claim decides it",
  not_in_the_model: "no path of the model has these answers, attempts and this end",
  attempt_unexplained: "an accepted attempt is recorded, but the row is not sent",
  too_many_sending: "more rows in sending than an instance may have on the wire",
  stop_unclean: "a stop by SIGTERM ended with another exit code than 0 although the database was healthy",
  stop_left_rows: "a clean stop left rows in sending",
  ended_by_itself: "an instance ended without being asked to",
} as const;

export type ViolationKind = keyof typeof violationKinds;

export interface Violation {
  readonly kind: ViolationKind;
  /** The row concerned; null for an instance or an absent row. */
  readonly rowId: string | null;
  /** The instance concerned, if any. */
  readonly instance?: string;
  /** The finding, in a sentence without a whole telephone number. */
  readonly finding: string;
}
