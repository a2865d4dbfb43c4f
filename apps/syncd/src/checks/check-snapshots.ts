import type { OutboxDatabase } from "@talkme/outbox";
import { listOldSnapshots, type SnapshotHolder } from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { snapshots as says } from "../language/findings/server.ts";
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
  if (!complete) return [...findings, warning(subject, says.hidden, says.grantStats)];
  if (findings.some(({ severity }) => severity === "warning")) return findings;
  return [...findings, ok(subject, says.none(olderThanSeconds))];
}

function describe(holder: SnapshotHolder): Finding {
  const { kind, pid, user, name, state, openSeconds } = holder;
  if (holder.standby) return describeStandby(holder);
  switch (kind) {
    case "session": {
      const found = says.session({ pid, user, name, seconds: openSeconds, state });
      return warning(subject, found, says.endSession(pid));
    }
    case "prepared_transaction":
      return warning(subject, says.prepared(name, user, openSeconds), says.endPrepared);
    case "replication_slot":
      return warning(subject, says.slot(name), says.endSlot);
    default:
      return kind satisfies never;
  }
}

/** Its age in seconds is unknown: a standby with hot_standby_feedback always keeps some snapshot open. */
function describeStandby({ name, ageTransactions }: SnapshotHolder): Finding {
  const found = says.standby(name, ageTransactions);
  if (ageTransactions < manyTransactions) return ok(subject, says.recent(found));
  return warning(subject, says.old(found), says.endFeedback);
}
