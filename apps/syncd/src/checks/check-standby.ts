import {
  isUnconfirmed,
  probeStandby,
  readReplication,
  type Durability,
  type Replication,
} from "@talkme/outbox/daemon";

import { Database } from "../database/database.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
import { standby as says } from "../language/findings/standby.ts";
import type { Text } from "../language/text.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const subject = "standby";
const deadlines = { connectMs: 5000, statementMs: 5000 };

/**
 * Would claims be confirmed by a standby where they have to be? Has one confirm a commit that changes nothing, for at most five
 * seconds.
 */
export async function checkStandby(url: string, durability: Durability): Promise<readonly Finding[]> {
  if (durability === "local") return [];
  const database = new Database(url, () => {}, deadlines, 1);
  try {
    const replication = await readReplication(database.kysely);
    const { names, maxWalSenders, walLevel } = replication;
    if (maxWalSenders === 0 || walLevel === "minimal") {
      return [problem(subject, says.impossible(walLevel, maxWalSenders), linesFor(replication))];
    }
    if (names === "") return [problem(subject, says.noneNamed(replication), linesFor(replication))];
    return [...(await tryCommit(database, replication)), ...receiversThatCount(replication)];
  } finally {
    await database.close();
  }
}

async function tryCommit(database: Database, replication: Replication): Promise<readonly Finding[]> {
  const { names, synchronousCommit } = replication;
  const startedMs = performance.now();
  try {
    await probeStandby(database.kysely);
    const tookMs = Math.round(performance.now() - startedMs);
    return [
      ok(subject, says.confirmed(names, tookMs, synchronousCommit, replication)),
      ok(subject, says.producersNeedNot),
    ];
  } catch (error) {
    const why = isUnconfirmed(error) ? says.waitCancelled : says.failed(describeDatabaseError(error).message);
    const found = says.silent(names, deadlines.statementMs / 1000, why, replication);
    return [problem(subject, found, linesFor(replication))];
  }
}

/** `*` is met by whatever receives WAL. */
function receiversThatCount({ names }: Replication): readonly Finding[] {
  if (!names.includes("*")) return [];
  return [warning(subject, says.anybody(names), says.nameStandbys)];
}

/** What postgresql.conf has to say, and how to say it in psql. */
function linesFor({ maxWalSenders, walLevel, receivers }: Replication): Text {
  const names = (receivers ?? []).map(({ name }) => `"${name.replaceAll('"', '""')}"`);
  const wanted = names.length > 0 ? `ANY 1 (${names.join(", ")})` : "ANY 1 (standby1, standby2)";
  const settings: readonly (readonly [string, string])[] = [
    ...(walLevel === "minimal" ? ([["wal_level", "replica"]] as const) : []),
    ...(maxWalSenders === 0 ? ([["max_wal_senders", "10"]] as const) : []),
    ["synchronous_standby_names", wanted],
  ];
  return says.configure(settings, settings.length > 1);
}
