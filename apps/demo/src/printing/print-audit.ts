import { statuses } from "@talkme/outbox";

import type { Evidence, Totals } from "../audit/audit.ts";
import { colourOf, meaningOf } from "./status-words.ts";
import type { Terminal } from "./terminal.ts";
import { textTable, type Column } from "./text-table.ts";

const columns: readonly Column[] = [
  { title: "#", align: "right" },
  { title: "what the row shows", align: "left" },
  { title: "status", align: "left" },
  { title: "attempts", align: "right" },
  { title: "reference or error_code", align: "left" },
  { title: "requests", align: "right" },
  { title: "accepted", align: "right" },
];

/** Prints the table beside the ledger, what the statuses mean, and the verdict. */
export function printAudit(
  terminal: Terminal,
  evidence: readonly Evidence[],
  totals: Totals,
  problems: readonly string[],
): void {
  terminal.line();
  terminal.line(
    terminal.paint(
      "bold",
      "What talkme.outbox says about each row; at the right, how many requests the API got and accepted.",
    ),
  );
  terminal.line();
  for (const line of textTable(
    columns,
    evidence.map((item, index) => cells(terminal, item, index + 1)),
  )) {
    terminal.line(line);
  }
  terminal.line();

  const present = new Set(evidence.map(({ row }) => row?.status));
  for (const status of statuses.filter((name) => present.has(name))) {
    terminal.line(`${terminal.paint(colourOf(status), status.padEnd(9))} ${meaningOf(status)}`);
  }
  terminal.line();

  for (const problem of problems) terminal.complain(`${terminal.paint("red", "✗")} ${problem}`);
  if (problems.length > 0) {
    terminal.complain(
      `${terminal.paint("red", "✗")} They do not agree, which is a defect: please report it.`,
    );
    return;
  }
  terminal.line(
    `${terminal.paint("green", "✓")} They agree: of ${totals.rows} rows, people got ${totals.accepted} messages; ` +
      "none was lost, none came twice.",
  );
}

function cells(
  terminal: Terminal,
  { sample, row, requests, accepted }: Evidence,
  number: number,
): readonly string[] {
  const api = [String(requests), String(accepted.length)];
  if (row === null) return [String(number), sample.title, "(no row)", "", "", ...api];
  const status = terminal.paint(colourOf(row.status), row.status);
  return [
    String(number),
    sample.title,
    status,
    String(row.attempts),
    row.reference ?? row.errorCode ?? "",
    ...api,
  ];
}
