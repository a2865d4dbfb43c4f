import type { OutboxDatabase } from "@talkme/outbox";
import { readServerConditions, type ServerConditions } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { usualDeadlines } from "../database/database.ts";
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
  return findings.length > 0 ? findings : [ok(subject, "version and settings are fine; autovacuum is on.")];
}

function versionOf({ versionNumber }: ServerConditions): readonly Finding[] {
  if (versionNumber >= oldestVersion) return [];
  const found = `PostgreSQL ${Math.floor(versionNumber / 10_000)} is too old.`;
  return [problem(subject, found, "Upgrade to PostgreSQL 15 or later.")];
}

function durabilityOf({ fsync, encoding }: ServerConditions): readonly Finding[] {
  const findings: Finding[] = [];
  if (!fsync) {
    const found =
      "fsync is off: after a crash of the server's machine, rows that were sent may be sent again.";
    findings.push(warning(subject, found, "Set fsync = on in postgresql.conf."));
  }
  if (encoding !== "UTF8") {
    const found = `the database's encoding is ${encoding}: it cannot store every character of an answer.`;
    findings.push(warning(subject, found, "Use a database with the encoding UTF8."));
  }
  return findings;
}

function sessionOf(conditions: ServerConditions): readonly Finding[] {
  const { isolation, statementTimeoutMs, idleSessionTimeoutMs } = conditions;
  const findings: Finding[] = [];
  const byRole = "for syncd's role: alter role … set";
  if (isolation !== "read committed") {
    const found = `transactions are ${isolation} by default: concurrent claims then fail instead of waiting.`;
    findings.push(
      warning(subject, found, `Set it ${byRole} default_transaction_isolation = 'read committed'.`),
    );
  }
  if (statementTimeoutMs > 0 && statementTimeoutMs < usualDeadlines.statementMs) {
    const found = `statement_timeout is ${statementTimeoutMs} ms: statements on a busy server are cut off.`;
    findings.push(warning(subject, found, `Set it ${byRole} statement_timeout = '30s'.`));
  }
  if (idleSessionTimeoutMs > 0) {
    const found = `idle_session_timeout is ${idleSessionTimeoutMs} ms: it ends the connection that listens.`;
    findings.push(warning(subject, found, `Set it ${byRole} idle_session_timeout = 0.`));
  }
  return findings;
}

function roomIn({ freeConnections }: ServerConditions): readonly Finding[] {
  if (freeConnections >= connectionsOfAnInstance) return [];
  const found = `there is room for ${Math.max(0, freeConnections)} more connections; an instance uses up to ${connectionsOfAnInstance}.`;
  const remedy =
    "Raise max_connections, or the limit of the role or database, or find out what uses them; a pooler needs fewer.";
  return [warning("connections", found, remedy)];
}

function vacuumOf({ autovacuum, trackCounts }: ServerConditions): readonly Finding[] {
  const off = [...(autovacuum ? [] : ["autovacuum"]), ...(trackCounts ? [] : ["track_counts"])];
  if (off.length === 0) return [];
  const found = `${off.join(" and ")} ${off.length === 1 ? "is" : "are"} off: the outbox grows and slows down with every message.`;
  return [
    warning("autovacuum", found, `Set ${off.map((name) => `${name} = on`).join(" and ")}, and reload.`),
  ];
}
