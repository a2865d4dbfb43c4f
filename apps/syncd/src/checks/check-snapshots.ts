import type { OutboxDatabase } from "@talkme/outbox";
import { listOldSnapshots, type SnapshotHolder } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { duration } from "../text/duration.ts";
import { ok, warning, type Finding } from "./finding.ts";

const subject = "snapshots";
/** An hour of almost three hundred transactions a second, or a day of twelve. */
const manyTransactions = 1_000_000;

/** What keeps autovacuum from cleaning the outbox, and for how long? */
export async function checkSnapshots(
  db: Kysely<OutboxDatabase>,
  olderThanSeconds: number,
): Promise<readonly Finding[]> {
  const { complete, holders } = await listOldSnapshots(db, olderThanSeconds);
  const findings = holders.map(describe);
  if (!complete) {
    const found =
      "this user may not see what other sessions do, so what keeps one open is unknown. The metrics talkme_oldest_snapshot_* are affected too: they count a snapshot's age from when it is first seen.";
    const remedy =
      "As a superuser: grant pg_read_all_stats to syncd's role, for the metrics as well. For check alone, run it as a user who has it.";
    return [...findings, warning(subject, found, remedy)];
  }
  if (findings.some(({ severity }) => severity === "warning")) return findings;
  return [...findings, ok(subject, `none was kept open for longer than ${duration(olderThanSeconds)}.`)];
}

function describe(holder: SnapshotHolder): Finding {
  const { kind, pid, user, name, state, openSeconds } = holder;
  if (holder.standby) return describeStandby(holder);
  const since = openSeconds === null ? "" : ` for ${duration(openSeconds)}`;
  const consequence = "rows sent since then cannot be cleaned up.";
  switch (kind) {
    case "session": {
      const who = `process ${pid} of ${user ?? "an unknown user"} (${name === "" ? "no application_name" : name})`;
      const found = `${who} has kept one open${since}, ${state ?? "state unknown"}: ${consequence}`;
      return warning(
        subject,
        found,
        `End it in its own program, or: select pg_terminate_backend(${pid}); idle_in_transaction_session_timeout prevents it.`,
      );
    }
    case "prepared_transaction":
      return warning(
        subject,
        `the prepared transaction ${name} of ${user ?? "an unknown user"} has waited${since}: ${consequence}`,
        "Let its owner commit it, or: rollback prepared '…'.",
      );
    case "replication_slot":
      return warning(
        subject,
        `nobody reads the replication slot ${name}: ${consequence}`,
        "Start its standby again, or: select pg_drop_replication_slot('…').",
      );
    default:
      return kind satisfies never;
  }
}

/** Its age in seconds is unknown: a standby with hot_standby_feedback always keeps some snapshot open. */
function describeStandby({ name, ageTransactions }: SnapshotHolder): Finding {
  const found = `the standby ${name} needs the rows as of ${ageTransactions} transactions ago`;
  if (ageTransactions < manyTransactions) return ok(subject, `${found}, which is recent.`);
  return warning(
    subject,
    `${found}: rows sent since then cannot be cleaned up.`,
    "End its long queries (pg_stat_activity on the standby), or set hot_standby_feedback = off there.",
  );
}
