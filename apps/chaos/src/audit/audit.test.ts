import { describe, expect, test } from "vitest";

import { audit } from "./audit.ts";
import type { AuditedProcess, AuditedRow, Evidence, MeddledRows } from "./evidence.ts";
import type { ViolationKind } from "./violation.ts";
import {
  acceptedAt,
  acceptedAttempt,
  instance as name,
  numero,
  sentOnce,
  sentRow,
  untouched,
} from "../../test/support/sent-once.ts";
import type { GivenAnswer } from "../api/answer-log.ts";

const entry = acceptedAt(10_000);
const living: AuditedProcess = {
  names: [name],
  wasKilled: false,
  pauses: [],
  logTail: "",
  stop: { exit: 0, databaseWasDisturbed: false, leftSending: 0 },
  endedByItself: null,
};
const killed: AuditedProcess = { ...living, wasKilled: true, stop: null };
const pause = { fromMs: 5000, toMs: 9500, databaseWasDisturbed: false };
const ambiguous: GivenAnswer = { answered: "drop after", meaning: "ambiguous" };
const accepted: GivenAnswer = { answered: "protocol", meaning: "accepted" };
const unavailable: GivenAnswer = { answered: "503", meaning: "not sent" };

const meddling = (changes: Partial<MeddledRows>): { readonly meddling: MeddledRows } => ({
  meddling: { ...untouched, ...changes },
});

/** One sent row on which all evidence agrees, but for the changes. */
function evidence(changes: Partial<Evidence> & { readonly answers?: readonly GivenAnswer[] } = {}): Evidence {
  const { answers = [accepted], ...rest } = changes;
  return {
    ...sentOnce,
    answersTo: (asked) => (asked === numero ? answers : []),
    processes: [living],
    mostSending: new Map([[name, { rows: 2, at: "noon" }]]),
    ...rest,
  };
}

function unknownRow(errorCode: string, { id, numero: of } = sentRow): AuditedRow {
  return { ...sentRow, id, numero: of, status: "unknown", errorCode, reference: null };
}

/** Rows of the instance that are `unknown` for the same reason. */
function manyUnknown(count: number, errorCode: string): Parameters<typeof evidence>[0] {
  const rows: AuditedRow[] = [];
  for (let index = 0; index < count; index++) {
    rows.push(unknownRow(errorCode, { ...sentRow, id: String(index), numero: `1190000000${index}` }));
  }
  const committed = new Set(rows.map((row) => row.numero));
  return { committed, rows, attempts: [], ledger: [], answers: [] };
}

function violated(changes: Parameters<typeof evidence>[0]): readonly ViolationKind[] {
  return audit(evidence(changes)).violations.map(({ kind }) => kind);
}

describe("no violation is", () => {
  test("a row that was sent once", () => {
    expect(violated({})).toEqual([]);
  });

  test("a row of an uncertain commit, in the table or not", () => {
    expect(violated({ committed: new Set(), uncertain: new Set([numero, "11900000002"]) })).toEqual([]);
  });

  test("a row retried after an answer that proves that it was not sent", () => {
    const attempts = [
      { ...acceptedAttempt, outcome: "not_sent" as const },
      { ...acceptedAttempt, attempt: 2 },
    ];
    const rows = [{ ...sentRow, fence: 2 }];
    expect(violated({ rows, attempts, answers: [unavailable, unavailable, accepted] })).toEqual([]);
  });

  test("an unknown row after an answer that leaves it open, accepted or not", () => {
    const rows = [unknownRow("connection_lost")];
    expect(violated({ rows, attempts: [], answers: [ambiguous] })).toEqual([]);
    expect(violated({ rows, attempts: [], ledger: [], answers: [ambiguous] })).toEqual([]);
  });

  test("an unknown row that says that it was accepted, of an instance that could record no more of it", () => {
    const rows = [{ ...unknownRow("instance_lost"), saysAccepted: true }];
    expect(violated({ rows, attempts: [acceptedAttempt], processes: [killed] })).toEqual([]);
  });

  test.for<[string, Partial<AuditedProcess>, string]>([
    ["was killed", { wasKilled: true, stop: null }, "instance_lost"],
    [
      "was paused while its connection broke",
      { pauses: [{ ...pause, databaseWasDisturbed: true }] },
      "instance_lost",
    ],
    ["could not write to the database at its stop", { stop: stopped(1, true) }, "instance_lost"],
    ["gave up its requests at its stop", {}, "aborted"],
  ])("an unknown row of an instance that %s, up to its concurrency", ([, process, errorCode]) => {
    const processes = [{ ...living, ...process }];
    expect(violated({ ...manyUnknown(2, errorCode), processes })).toEqual([]);
  });

  test("an unknown row whose request ran out of time while its instance was paused", () => {
    const attempts = [
      { ...acceptedAttempt, outcome: "unknown" as const, startedAtMs: 4000, durationMs: 6000 },
    ];
    const processes = [{ ...living, pauses: [pause] }];
    const result = audit(evidence({ rows: [unknownRow("timeout")], attempts, processes }));
    expect(result.violations).toEqual([]);
    expect(result.unknown).toEqual({ pause: 1 });
  });

  test("an unknown row whose answer was good and took the daemon's full time", () => {
    const attempts = [{ ...acceptedAttempt, outcome: "unknown" as const, durationMs: 801 }];
    const result = audit(evidence({ rows: [unknownRow("timeout")], attempts }));
    expect(result.violations).toEqual([]);
    expect(result.unknown).toEqual({ "slow machine": 1 });
  });

  test("an unknown row whose request was dropped before the API had read its number", () => {
    const changes = { rows: [unknownRow("connection_lost")], attempts: [], ledger: [], answers: [] };
    expect(violated({ ...changes, unattributedAnswers: 1 })).toEqual([]);
    expect(violated({ ...changes, answers: [unavailable], unattributedAnswers: 1 })).toEqual([]);
  });

  test("a row with resend that was sent twice, or failed after it had been accepted", () => {
    const row = { ...sentRow, onUnknown: "resend" as const };
    const answers = [ambiguous, accepted];
    expect(violated({ rows: [row], ledger: [entry, entry], answers })).toEqual([]);
    const failed = { ...row, status: "failed" as const, reference: null };
    expect(violated({ rows: [failed], attempts: [], answers: [ambiguous] })).toEqual([]);
  });

  test("an unclean stop while the database is away", () => {
    expect(violated({ processes: [{ ...living, stop: stopped(1, true) }] })).toEqual([]);
  });
});

describe("a violation is", () => {
  test("row_lost: a committed row is not in the table", () => {
    expect(violated({ committed: new Set([numero, "11900000002"]) })).toEqual(["row_lost"]);
  });

  test("row_twice: a row is in the table twice", () => {
    const rows = [sentRow, { ...sentRow, id: "2" }];
    const attempts = [acceptedAttempt, { ...acceptedAttempt, outboxId: "2" }];
    expect(violated({ rows, attempts })).toEqual(["row_twice"]);
  });

  test("row_from_nowhere: a row that was rolled back is in the table", () => {
    expect(violated({ committed: new Set() })).toEqual(["row_from_nowhere"]);
  });

  test.for(["pending", "sending"] as const)("row_not_settled: a row is %s at the end", (status) => {
    const rows = [{ ...sentRow, status, reference: null }];
    expect(violated({ rows, attempts: [], ledger: [], answers: [] })).toEqual(["row_not_settled"]);
  });

  test("sent_twice, asked_again: the API got a message twice", () => {
    const changes = { ledger: [entry, { ...entry, reference: "101" }], answers: [accepted, accepted] };
    expect(violated(changes)).toEqual(["sent_twice", "asked_again"]);
  });

  test("sent_without_acceptance: a row is sent that the API has not accepted", () => {
    const rows = [{ ...sentRow, reference: null }];
    const attempts = [{ ...acceptedAttempt, reference: null }];
    expect(violated({ rows, attempts, ledger: [] })).toEqual(["sent_without_acceptance"]);
  });

  test.for(["failed", "expired", "cancelled"] as const)(
    "accepted_unnoticed: a row is %s that the API has accepted",
    (status) => {
      const rows = [{ ...sentRow, status, reference: null }];
      expect(violated({ rows, attempts: [] })).toEqual(["accepted_unnoticed"]);
    },
  );

  test("asked_again: a request after an answer that leaves it open, even where the message came once", () => {
    expect(violated({ answers: [ambiguous, accepted] })).toEqual(["asked_again"]);
  });

  test("sent_late: the API got a message after its time, from an instance that was never paused", () => {
    const rows = [{ ...sentRow, expiresAtMs: 8000 }];
    expect(violated({ rows })).toEqual(["sent_late"]);
    expect(violated({ rows, processes: [{ ...living, pauses: [pause] }] })).toEqual([]);
    expect(violated({ rows: [{ ...sentRow, expiresAtMs: 9500 }] })).toEqual([]);
  });

  test("reference_of_another: a row has the reference of another message", () => {
    const attempts = [{ ...acceptedAttempt, reference: "999" }];
    const rows = [{ ...sentRow, reference: "999" }];
    expect(violated({ rows, attempts })).toEqual(["reference_of_another"]);
  });

  test.for([
    ["connection_lost", "after a good answer"],
    ["instance_lost", "of an instance that nothing has happened to"],
    ["internal_error", "by a defect"],
  ])("unknown_without_reason: %s %s", ([errorCode = ""]) => {
    expect(violated({ rows: [unknownRow(errorCode)], attempts: [] })).toEqual(["unknown_without_reason"]);
  });

  test("unknown_without_reason: a time-out before its time", () => {
    const attempts = [{ ...acceptedAttempt, outcome: "unknown" as const, durationMs: 300 }];
    expect(violated({ rows: [unknownRow("timeout")], attempts })).toEqual(["unknown_without_reason"]);
  });

  test("unknown_without_reason: more connections lost than requests that the API has dropped unread", () => {
    const changes = manyUnknown(3, "connection_lost");
    expect(violated({ ...changes, unattributedAnswers: 2 })).toEqual(["unknown_without_reason"]);
  });

  test("unknown_without_reason: claimed by an instance that nobody has started", () => {
    const rows = [{ ...unknownRow("instance_lost"), claimedBy: "stranger" }];
    expect(violated({ rows, attempts: [] })).toEqual(["unknown_without_reason"]);
  });

  test("too_many_lost: an instance that was killed had more on the wire than it may", () => {
    const changes = { ...manyUnknown(3, "instance_lost"), processes: [killed] };
    expect(violated(changes)).toEqual(["too_many_lost"]);
  });

  test("attempt_twice: an attempt is recorded twice", () => {
    const attempts = [acceptedAttempt, { ...acceptedAttempt, outcome: "unknown" as const }];
    expect(violated({ attempts })).toEqual(["attempt_twice"]);
  });

  test("attempt_missing: a row is sent without an accepted attempt", () => {
    expect(violated({ attempts: [] })).toEqual(["attempt_missing"]);
  });

  test("attempt_missing: the answer to an earlier claim has settled the row", () => {
    expect(violated({ rows: [{ ...sentRow, fence: 2 }] })).toEqual(["attempt_missing"]);
    const attempts = [{ ...acceptedAttempt, reference: "101" }];
    expect(violated({ attempts })).toEqual(["attempt_missing"]);
  });

  test.for(["accepted", "rejected", "not_sent"] as const)(
    "answer_ignored: a row stays unknown although its answer, %s, has come",
    (outcome) => {
      const changes = { rows: [unknownRow("instance_lost")], attempts: [{ ...acceptedAttempt, outcome }] };
      expect(violated({ ...changes, processes: [killed] })).toEqual(["answer_ignored"]);
    },
  );

  test("unknown_without_reason: lost by an instance that was paused, and lived on with its connection", () => {
    const processes = [{ ...living, pauses: [pause] }];
    const changes = { rows: [unknownRow("instance_lost")], attempts: [], processes };
    expect(violated(changes)).toEqual(["unknown_without_reason"]);
  });

  test("attempt_unexplained: more accepted attempts than rows that are sent", () => {
    const attempts = [acceptedAttempt, { ...acceptedAttempt, attempt: 2 }];
    expect(violated({ attempts })).toEqual(["attempt_unexplained"]);
  });

  test("too_many_sending: an instance had more rows in sending at once than it may", () => {
    expect(violated({ mostSending: new Map([[name, { rows: 3, at: "noon" }]]) })).toEqual([
      "too_many_sending",
    ]);
  });

  test("stop_unclean: a stop ended with another exit code although the database was well", () => {
    expect(violated({ processes: [{ ...living, stop: stopped(1, false) }] })).toEqual(["stop_unclean"]);
  });

  test("stop_left_rows: a clean stop left rows in sending", () => {
    const stop = { exit: 0, databaseWasDisturbed: false, leftSending: 1 } as const;
    expect(violated({ processes: [{ ...living, stop }] })).toEqual(["stop_left_rows"]);
  });

  test("ended_by_itself: an instance ended without being asked to", () => {
    const processes = [{ ...living, stop: null, endedByItself: 1 as const }];
    expect(violated({ processes })).toEqual(["ended_by_itself"]);
  });
});

describe("what people and customers' code did to rows", () => {
  const removed = { ...meddling({ removed: new Map([[numero, null]]) }), rows: [], attempts: [] };
  const again = { ...entry, reference: "101" };

  test("explains a row that is gone, sent or not", () => {
    expect(violated(removed)).toEqual([]);
    expect(violated({ ...removed, ledger: [], answers: [] })).toEqual([]);
  });

  test("sent_twice, asked_again: a person whose row is gone got its message twice", () => {
    const changes = { ...removed, ledger: [entry, again], answers: [accepted, accepted] };
    expect(violated(changes)).toEqual(["sent_twice", "asked_again"]);
    const resend = meddling({ removed: new Map([[numero, "resend"]]) });
    expect(violated({ ...changes, ...resend })).toEqual([]);
  });

  test("row_lost: another row than the one that was removed is gone", () => {
    expect(violated({ ...removed, committed: new Set([numero, "11900000002"]) })).toEqual(["row_lost"]);
  });

  test("message_from_nowhere: somebody got a message that was rolled back", () => {
    const changes = { ledger: [entry, { ...entry, numeroDest: "11900000002" }] };
    expect(violated(changes)).toEqual(["message_from_nowhere"]);
  });

  test("does not excuse a second message to a row that was edited, set back or decided by hand", () => {
    const twice = { ledger: [entry, again], answers: [accepted, accepted] };
    for (const who of [{ touched: new Set([numero]) }, { decided: new Set([numero]) }])
      expect(violated({ ...twice, ...meddling(who) })).toEqual(["sent_twice", "asked_again"]);
    expect(violated({ ...twice, ...meddling({ isTriggered: () => true }) })).toEqual([
      "sent_twice",
      "asked_again",
    ]);
  });

  test("sent_without_acceptance: a row was sent under a number that got nothing, whoever edited it", () => {
    const rows = [{ ...sentRow, numero: "21900000001", reference: null }];
    const changes = { rows, ...meddling({ touched: new Set([numero]) }) };
    expect(violated(changes)).toContain("sent_without_acceptance");
    expect(violated(changes)).toContain("row_lost");
  });

  test("explains only what a person decided about a row", () => {
    const decided = meddling({ decided: new Set([numero]) });
    const failed = [{ ...sentRow, status: "failed" as const, reference: null }];
    expect(violated({ ...decided, rows: failed, attempts: [] })).toEqual([]);
    expect(violated({ ...meddling({ touched: new Set([numero]) }), rows: failed })).toEqual([
      "accepted_unnoticed",
    ]);
    expect(violated({ ...meddling({ isTriggered: () => true }), rows: failed, attempts: [] })).toEqual([
      "accepted_unnoticed",
    ]);
  });

  test.each(["answer_forgotten", "answer_refused", "claim_unsettled", "row_changed"])(
    "unknown_without_reason: %s, of a row that nobody has touched, whatever else happened to it",
    (code) => {
      const rows = [unknownRow(code)];
      const processes = [{ ...living, pauses: [pause] }];
      const unexplained = { rows, ledger: [], attempts: [], answers: [ambiguous], processes };
      expect(violated(unexplained)).toEqual(["unknown_without_reason"]);
      expect(violated({ ...unexplained, ...meddling({ touched: new Set([numero]) }) })).toEqual([]);
    },
  );

  test("unknown_without_reason: a neighbour of the rows that a customer's trigger concerns is unknown", () => {
    const rows = [unknownRow("trigger_failed")];
    const changes = { rows, attempts: [] };
    expect(violated({ ...changes, ...meddling({ isTriggered: (id) => id === "1" }) })).toEqual([]);
    const told = { rows, ...meddling({ isTriggered: (id: string) => id === "1" }) };
    expect(violated(told)).toEqual([]);
    expect(violated({ ...changes, ...meddling({ isTriggered: (id) => id !== "1" }) })).toEqual([
      "unknown_without_reason",
    ]);
  });

  test("reference_of_another, attempt_missing: an answer of before a truncate settled the row that got its id", () => {
    const reused = meddling({ reusedUpToId: 1, removed: new Map([["11900000002", null]]) });
    const older = { ...acceptedAttempt, reference: "99" };
    expect(violated({ ...reused, attempts: [older, acceptedAttempt] })).toEqual([]);
    const rows = [{ ...sentRow, reference: "99" }];
    expect(violated({ ...reused, rows, attempts: [older] })).toEqual(["reference_of_another"]);
    expect(violated({ ...reused, attempts: [older] })).toEqual(["attempt_missing"]);
  });
});

test("no finding shows a whole telephone number", () => {
  const { violations } = audit(evidence({ committed: new Set(["11900000002"]) }));
  expect(violations).toHaveLength(2);
  expect(JSON.stringify(violations)).not.toMatch(/\d{11}/);
});

function stopped(exit: number, databaseWasDisturbed: boolean): AuditedProcess["stop"] {
  return { exit, databaseWasDisturbed, leftSending: 0 };
}
