import {
  isUnconfirmed,
  probeStandby,
  readReplication,
  type Durability,
  type Receiver,
  type Replication,
} from "@talkme/outbox/daemon";

import { Database } from "../database/database.ts";
import { describeDatabaseError } from "../database/database-fault.ts";
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
      const found = `wal_level is ${walLevel} and max_wal_senders ${maxWalSenders}: no standby can follow this server, and nothing would be sent.`;
      return [problem(subject, found, linesFor(replication))];
    }
    if (names === "") {
      const found = `synchronous_standby_names is empty: commits wait for nobody, and nothing would be sent.${connected(replication)}`;
      return [problem(subject, found, linesFor(replication))];
    }
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
    const own = `claims wait for it although synchronous_commit of this user is ${synchronousCommit}`;
    return [
      ok(subject, `${names} confirmed a commit within ${tookMs} ms;${connected(replication)} ${own}.`),
      ok(subject, `producers need not wait for it: alter role … set synchronous_commit = local.`),
    ];
  } catch (error) {
    const why = isUnconfirmed(error) ? "the wait was cancelled" : describeDatabaseError(error).message;
    const found = `${names} did not confirm a commit within ${deadlines.statementMs / 1000} s (${why}): nothing would be sent.${connected(replication)}`;
    return [problem(subject, found, linesFor(replication))];
  }
}

/** `*` is met by whatever receives WAL. */
function receiversThatCount({ names }: Replication): readonly Finding[] {
  if (!names.includes("*")) return [];
  const found = `synchronous_standby_names is ${names}: pg_receivewal or a logical subscriber may confirm a claim, and neither can be promoted.`;
  return [warning(subject, found, "Name the standbys that may be promoted.")];
}

function connected({ receivers }: Replication): string {
  if (receivers === null)
    return " Which standbys are connected is unknown: grant pg_read_all_stats to this user.";
  if (receivers.length === 0) return " No standby is connected.";
  return ` Connected: ${receivers.map(describe).join(", ")}.`;
}

function describe({ name, syncState, behindBytes }: Receiver): string {
  return `${name} (${syncState}, ${behindBytes} bytes behind)`;
}

/** What postgresql.conf has to say, and how to say it in psql. */
function linesFor({ maxWalSenders, walLevel, receivers }: Replication): string {
  const names = (receivers ?? []).map(({ name }) => `"${name.replaceAll('"', '""')}"`);
  const wanted = names.length > 0 ? `ANY 1 (${names.join(", ")})` : "ANY 1 (standby1, standby2)";
  const settings: readonly (readonly [string, string])[] = [
    ...(walLevel === "minimal" ? ([["wal_level", "replica"]] as const) : []),
    ...(maxWalSenders === 0 ? ([["max_wal_senders", "10"]] as const) : []),
    ["synchronous_standby_names", wanted],
  ];
  const needsRestart = settings.length > 1;
  return [
    "Name the standbys that may be promoted, by the application_name of their primary_conninfo. In postgresql.conf, on every node:",
    ...settings.map(([name, value]) => `  ${name} = '${value}'`),
    `Or, as a superuser${needsRestart ? ", and then restart" : ""}:`,
    ...settings.map(([name, value]) => `  alter system set ${name} = '${value}';`),
    "  select pg_reload_conf();",
    "Producers need not wait for it: alter role … set synchronous_commit = local;",
  ].join("\n");
}
