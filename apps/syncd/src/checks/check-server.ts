import type { OutboxDatabase } from "@talkme/outbox";
import { readServerConditions, type ServerConditions } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { usualDeadlines } from "../database/database.ts";
import { server as says } from "../language/findings/server.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const subject = "server";
const oldestVersion = 150_000;
/** Including the one that listens: see docs/operations.md. */
const connectionsOfAnInstance = 8;

/** Do the server's version and settings suit the daemon? */
export async function checkServer(db: Kysely<OutboxDatabase>): Promise<readonly Finding[]> {
  const conditions = await readServerConditions(db);
  const findings = [
    ...versionOf(conditions),
    ...durabilityOf(conditions),
    ...sessionOf(conditions),
    ...roomIn(conditions),
    ...vacuumOf(conditions),
  ];
  return findings.length > 0 ? findings : [ok(subject, says.fine)];
}

function versionOf({ versionNumber }: ServerConditions): readonly Finding[] {
  if (versionNumber >= oldestVersion) return [];
  return [problem(subject, says.tooOld(Math.floor(versionNumber / 10_000)), says.upgrade)];
}

function durabilityOf({ fsync, encoding }: ServerConditions): readonly Finding[] {
  return [
    ...(fsync ? [] : [warning(subject, says.noFsync, says.setFsync)]),
    ...(encoding === "UTF8" ? [] : [warning(subject, says.encoding(encoding), says.useUtf8)]),
  ];
}

function sessionOf(conditions: ServerConditions): readonly Finding[] {
  const { isolation, statementTimeoutMs, idleSessionTimeoutMs } = conditions;
  const findings: Finding[] = [];
  if (isolation !== "read committed") {
    const remedy = says.setForRole("default_transaction_isolation = 'read committed'");
    findings.push(warning(subject, says.isolation(isolation), remedy));
  }
  if (statementTimeoutMs > 0 && statementTimeoutMs < usualDeadlines.statementMs) {
    const remedy = says.setForRole("statement_timeout = '30s'");
    findings.push(warning(subject, says.statementTimeout(statementTimeoutMs), remedy));
  }
  if (idleSessionTimeoutMs > 0) {
    const remedy = says.setForRole("idle_session_timeout = 0");
    findings.push(warning(subject, says.idleTimeout(idleSessionTimeoutMs), remedy));
  }
  return findings;
}

function roomIn({ freeConnections }: ServerConditions): readonly Finding[] {
  if (freeConnections >= connectionsOfAnInstance) return [];
  const found = says.fewConnections(Math.max(0, freeConnections), connectionsOfAnInstance);
  return [warning("connections", found, says.moreConnections)];
}

function vacuumOf({ autovacuum, trackCounts }: ServerConditions): readonly Finding[] {
  const off = [...(autovacuum ? [] : ["autovacuum"]), ...(trackCounts ? [] : ["track_counts"])];
  return off.length === 0 ? [] : [warning("autovacuum", says.vacuumOff(off), says.vacuumOn(off))];
}
