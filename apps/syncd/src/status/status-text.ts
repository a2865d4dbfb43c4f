import { scopeOf, type FailureGroup, type InstanceReport } from "@talkme/outbox/daemon";
import { statuses } from "@talkme/outbox";

import { cells, headline, heads, meanings } from "../language/screens/status.ts";
import { queue } from "../language/findings/outbox.ts";
import type { Text } from "../language/text.ts";
import { Words } from "../language/words.ts";
import { printable } from "../text/printable.ts";
import { textTable } from "../text/text-table.ts";
import { shortened, wrapped } from "../text/wrapped.ts";
import { batchesTable, campaignsTable } from "./progress-table.ts";
import type { StatusReport } from "./status-report.ts";
import type { View } from "./view.ts";

/** The most that is listed of one kind; the rest is counted. */
const mostListed = 8;

/** The report for people; row counts show their change since `before`, the report of the last redraw. */
export function statusText(report: StatusReport, view: View, before: StatusReport | null = null): string {
  const parts = [
    alarms(report, view),
    `${paragraph(summary(report), view)}\n`,
    campaignsTable(report.campaigns, report.other_campaigns, view),
    batchesTable(report.batches, report.other_batches, view),
    rowsTable(report, before, view),
    instancesTable(report, view),
    obstacles(report, view),
    groupsTable(heads.mayHaveBeenSent, report.may_have_been_sent, view),
    groupsTable(heads.notSent, report.not_sent, view),
    footnotes(report, view),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function paragraph(sentences: readonly Text[], { language, columns }: View): string {
  return wrapped(sentences.map((sentence) => printable(sentence.in(language))).join(" "), columns);
}

/** Why nothing at all is sent. */
function alarms({ history, waits_for_standby: standby }: StatusReport, view: View): string {
  const lines = [
    ...(history === null ? [] : [paragraph([history], view)]),
    ...(standby === null ? [] : [paragraph([headline.standby(standby)], view)]),
  ];
  return lines.map((line) => `${line}\n`).join("\n");
}

function summary({
  instances,
  rows,
  oldest_due_waits_seconds: waits,
  rate_per_second: rate,
  held_lanes: stopped,
}: StatusReport): readonly Text[] {
  return [
    instances.length === 0 ? headline.nobody : whoSends(instances, rows.sending),
    headline.oldest(waits),
    ...(rate > 0 ? [headline.rate(rate)] : []),
    ...(stopped.window > 0 ? [headline.closedWindow(stopped.window)] : []),
    ...(rows.unknown > 0 ? [headline.unknown(rows.unknown)] : []),
  ];
}

/** A dead instance stays on the list until another one finds it. */
function whoSends(instances: readonly InstanceReport[], inFlight: number): Text {
  const silent = instances.filter(({ alive }) => !alive);
  const alive = instances.length - silent.length;
  if (silent.length === 0) return headline.instances(alive, inFlight);
  const heardLast = Math.min(...silent.map(({ silentSeconds }) => silentSeconds));
  return headline.someSilent(alive, silent.length, heardLast, inFlight);
}

function footnotes({ sent_is_estimate: isEstimate, campaigns, batches }: StatusReport, view: View): string {
  const hasTimes = [...campaigns, ...batches].some(({ expectedEndSeconds: end }) => end !== null);
  const notes = [...(isEstimate ? [headline.estimate] : []), ...(hasTimes ? [headline.clock] : [])];
  return notes.length === 0 ? "" : `${paragraph(notes, view)}\n`;
}

function rowsTable(
  { rows, sent_is_estimate: isEstimate }: StatusReport,
  before: StatusReport | null,
  { language }: View,
): string {
  const words = new Words(language);
  const lines = statuses.map((status) => {
    const count = rows[status];
    const change = before === null ? 0 : count - before.rows[status];
    const shown = status === "sent" && isEstimate ? cells.about(count).in(language) : words.number(count);
    const changed = change === 0 ? "" : `${change > 0 ? "+" : ""}${words.number(change)}`;
    const meaning = count === 0 ? "" : meanings[status].in(language);
    return before === null ? [status, shown, meaning] : [status, shown, changed, meaning];
  });
  const titles = [heads.status, heads.rows, ...(before === null ? [] : [heads.change]), heads.meaning];
  return textTable(
    titles.map((title) => title.in(language)),
    lines,
    new Set(before === null ? [1] : [1, 2]),
  );
}

function instancesTable({ instances }: StatusReport, { language, now }: View): string {
  if (instances.length === 0) return "";
  const words = new Words(language);
  const [listed, more] = [instances.slice(0, mostListed), instances.length - mostListed];
  const table = textTable(
    [heads.instance, heads.meaning, heads.version, heads.since, heads.inFlight].map((title) =>
      title.in(language),
    ),
    listed.map(({ name, alive, version, startedAt, silentSeconds, inFlight }) => [
      name,
      (alive ? cells.alive : cells.silent(silentSeconds)).in(language),
      version,
      words.time(startedAt, now),
      words.number(inFlight),
    ]),
    new Set([4]),
  );
  return more > 0 ? `${table}${cells.otherInstances(more).in(language)}\n` : table;
}

/** What keeps rows back, and how it is ended, in the words of `check`. */
function obstacles(report: StatusReport, { language, columns }: View): string {
  const { open_circuits: circuits, quiet_lanes: quiet, more_quiet_lanes: moreQuiet, paused } = report;
  const found: readonly (readonly [Text, Text | null])[] = [
    ...circuits.map(
      ({ account, kind, instance, tried_in_seconds: seconds }) =>
        [
          queue.circuit(account, kind, instance, seconds),
          queue.closeCircuit(scopeOf("account", account)),
        ] as const,
    ),
    ...quiet
      .slice(0, mostListed)
      .map(
        ({ lane, scope, not_founds: notFounds, tried_in_seconds: seconds }) =>
          [queue.quiet(lane, notFounds, seconds), queue.mendQuiet(notFounds, scope)] as const,
      ),
    ...paused
      .slice(0, mostListed)
      .map(
        ({ scope, pausedForSeconds, pausedBy, reason }) =>
          [queue.paused(scope, pausedForSeconds, pausedBy, reason), queue.end(scope)] as const,
      ),
  ];
  const others = [
    ...(moreQuiet + Math.max(0, quiet.length - mostListed) > 0
      ? [queue.moreQuiet(moreQuiet + Math.max(0, quiet.length - mostListed))]
      : []),
    ...(paused.length > mostListed ? [cells.otherPauses(paused.length - mostListed)] : []),
  ];
  const lines = [
    ...found.map(([what, remedy]) =>
      [what, remedy]
        .filter((text) => text !== null)
        .map((text, place) => wrapped(printable(text.in(language)), columns, place === 0 ? "- " : "  "))
        .join("\n"),
    ),
    ...others.map((text) => `- ${text.in(language)}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Rows that ended, by their reason, each with the error of the last one on a line of its own. */
function groupsTable(head: Text, groups: readonly FailureGroup[], { language, columns }: View): string {
  if (groups.length === 0) return "";
  const words = new Words(language);
  const [listed, others] = [groups.slice(0, mostListed), groups.slice(mostListed)];
  const lines = textTable(
    [head, heads.code, heads.rows, heads.lastId].map((title) => title.in(language)),
    listed.map(({ status, errorCode, rows, lastId }) => [
      status,
      errorCode ?? "",
      words.number(rows),
      lastId,
    ]),
    new Set([2, 3]),
  )
    .trimEnd()
    .split("\n");
  const explained = lines.flatMap((line, place) => {
    const example = place < 2 ? null : (listed[place - 2]?.example ?? null);
    return example === null ? [line] : [line, shortened(`  ${printable(example)}`, columns)];
  });
  if (others.length > 0) {
    const rows = others.reduce((sum, one) => sum + one.rows, 0);
    explained.push(cells.others(others.length, rows).in(language));
  }
  return `${explained.join("\n")}\n`;
}
