import { scopeOf, type InstanceReport } from "@talkme/outbox/daemon";

import { duration } from "../text/duration.ts";
import type { StatusReport } from "./status-report.ts";
import { textTable } from "../text/text-table.ts";

/** The report for people; row counts show their change since `before`, the report of the last redraw. */
export function statusText(report: StatusReport, before: StatusReport | null = null): string {
  const parts = [
    report.history === null ? "" : `${report.history}\n`,
    `${headline(report)}\n`,
    rowsTable(report, before),
    instancesTable(report),
    circuitsTable(report),
    quietLanesTable(report),
    pausesTable(report),
    failuresTable(report),
  ];
  return parts.filter((part) => part !== "").join("\n");
}

function headline({
  instances,
  rows,
  oldest_due_waits_seconds: waits,
  held_lanes: stopped,
}: StatusReport): string {
  const lanes =
    stopped.window === 1 ? "1 campaign or channel waits" : `${stopped.window} campaigns or channels wait`;
  const closed = stopped.window === 0 ? "" : ` ${lanes} for the sending window.`;
  const oldest = `The oldest due row has waited ${waits} s.${closed}`;
  if (instances.length === 0) return `No instance of syncd is running. ${oldest}`;
  const unknown = rows.unknown === 0 ? "" : ` ${rows.unknown} unknown: a person decides.`;
  return `${whoSends(instances)}, ${rows.sending} in flight. ${oldest}${unknown}`;
}

/** A dead instance stays on the list until another one finds it. */
function whoSends(instances: readonly InstanceReport[]): string {
  const silent = instances.filter(({ alive }) => !alive);
  const alive = instances.length - silent.length;
  if (silent.length === 0) return `${alive} ${alive === 1 ? "instance" : "instances"}`;
  const heardLast = Math.min(...silent.map(({ silentSeconds }) => silentSeconds));
  return `Instances: ${alive} alive, ${silent.length} silent for ${duration(heardLast)}`;
}

function rowsTable(
  { rows, sent_is_estimate: isEstimate }: StatusReport,
  before: StatusReport | null,
): string {
  const counts = Object.entries(rows).map(([name, count]) => ({
    name,
    count,
    about: name === "sent" && isEstimate ? "about " : "",
    change:
      before === null ? 0 : count - (Object.entries(before.rows).find(([one]) => one === name)?.[1] ?? 0),
  }));
  if (before === null) {
    return textTable(
      ["status", "rows"],
      counts.map(({ name, count, about }) => [name, `${about}${count}`]),
    );
  }
  return textTable(
    ["status", "rows", "change"],
    counts.map(({ name, count, about, change }) => [
      name,
      `${about}${count}`,
      change === 0 ? "" : change > 0 ? `+${change}` : String(change),
    ]),
  );
}

function instancesTable({ instances }: StatusReport): string {
  if (instances.length === 0) return "";
  return textTable(
    ["instance", "", "version", "since", "last sign of life", "in flight"],
    instances.map(({ name, alive, version, startedAt, silentSeconds, inFlight }) => [
      name,
      alive ? "alive" : "silent",
      version,
      startedAt.toISOString(),
      `${duration(silentSeconds)} ago`,
      String(inFlight),
    ]),
  );
}

function circuitsTable({ open_circuits: circuits }: StatusReport): string {
  if (circuits.length === 0) return "";
  return textTable(
    ["account waits", "because of", "on", "tried with one row", "or at once by"],
    circuits.map(({ account, kind, instance, tried_in_seconds: seconds }) => [
      account,
      kind,
      instance ?? "all instances",
      `in ${seconds} s`,
      `select talkme.resume('${scopeOf("account", account)}')`,
    ]),
  );
}

function quietLanesTable({ quiet_lanes: lanes, more_quiet_lanes: more }: StatusReport): string {
  if (lanes.length === 0) return "";
  const table = textTable(
    ["left alone", "after", "tried with one row", "or at once by"],
    lanes.map(({ lane, scope, not_founds: notFounds, tried_in_seconds: seconds }) => [
      lane,
      notFounds === 0 ? "unknown answer" : `${notFounds} times 404`,
      `in ${seconds} s`,
      `select talkme.resume('${scope}')`,
    ]),
  );
  return more === 0 ? table : `${table}and ${more} more: see talkme.lane\n`;
}

function pausesTable({ paused }: StatusReport): string {
  if (paused.length === 0) return "";
  return textTable(
    ["paused", "for", "by", "because", "ended by"],
    paused.map(({ scope, pausedForSeconds, pausedBy, reason }) => [
      scope,
      duration(pausedForSeconds),
      pausedBy ?? "",
      reason ?? "",
      `select talkme.resume('${scope}')`,
    ]),
  );
}

function failuresTable({ not_sent: groups }: StatusReport): string {
  if (groups.length === 0) return "";
  return textTable(
    ["not sent", "code", "rows", "last id", "its error"],
    groups.map(({ status, errorCode, rows, lastId, example }) => [
      status,
      errorCode ?? "",
      String(rows),
      lastId,
      example ?? "",
    ]),
  );
}
