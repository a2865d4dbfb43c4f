import { readSchemaState, type OutboxDatabase } from "@talkme/outbox";
import {
  listMissingPrivileges,
  readServerFacts,
  type AccountRules,
  type Durability,
} from "@talkme/outbox/daemon";
import type { Kysely } from "kysely";

import { describeDatabaseError } from "../database/database-fault.ts";
import { databasePlace } from "../database/database-place.ts";
import { Database } from "../database/database.ts";
import { connection as says } from "../language/findings/connection.ts";
import { schema as ofSchema, unfitSchema } from "../language/findings/schema.ts";
import type { Subject } from "../language/findings/subjects.ts";
import { checkAccountRules } from "./check-account-rules.ts";
import { checkCaptures } from "./check-captures.ts";
import { checkClock } from "./check-clock.ts";
import { checkHistory } from "./check-history.ts";
import { checkHosts } from "./check-hosts.ts";
import { checkInstances } from "./check-instances.ts";
import { checkPooler } from "./check-pooler.ts";
import { checkPaused, checkQueue } from "./check-queue.ts";
import { checkRelations } from "./check-relations.ts";
import { checkRoles } from "./check-roles.ts";
import { checkSchemaFaults } from "./check-schema-faults.ts";
import { checkServer } from "./check-server.ts";
import { checkSnapshots } from "./check-snapshots.ts";
import { checkStandby } from "./check-standby.ts";
import { checkTls } from "./check-tls.ts";
import { connectionRemedy } from "./connection-remedy.ts";
import { ok, problem, warning, type Finding } from "./finding.ts";

const insufficientPrivilege = "42501";

export interface DatabaseCheck {
  readonly url: string;
  /** The configured accounts. */
  readonly accounts: readonly string[];
  readonly accountRules: readonly AccountRules[];
  readonly claimDurability: Durability;
  /** Reports a snapshot that was kept open for longer. */
  readonly snapshotSeconds: number;
}

/** Can the database be reached, does it suit the daemon, and does anything in it keep rows waiting? */
export async function checkDatabase(check: DatabaseCheck): Promise<readonly Finding[]> {
  const { url, accounts, accountRules, claimDurability, snapshotSeconds } = check;
  const database = new Database(url, () => {});
  try {
    const connection = await checkConnection(database.kysely, url);
    if (connection.some(({ subject, severity }) => subject === "database" && severity === "problem")) {
      return connection;
    }
    const db = database.kysely;
    const schema = await attempt("schema", () => checkSchema(db));
    const isCurrent = schema.every(({ severity }) => severity === "ok");
    return [
      ...connection,
      ...(await attempt("hosts", () => checkHosts(url))),
      ...(await attempt("pooler", () => checkPooler(url))),
      ...(await attempt("server", () => checkServer(db))),
      ...(isCurrent ? await attempt("standby", () => checkStandby(url, claimDurability)) : []),
      ...(await attempt("clock", () => checkClock(db))),
      ...schema,
      ...(isCurrent ? await attempt("grants", () => checkGrants(db)) : []),
      ...(isCurrent ? await attempt("objects", () => checkSchemaFaults(db)) : []),
      ...(isCurrent ? await attempt("captures", () => checkCaptures(db)) : []),
      ...(isCurrent ? await attempt("roles", () => checkRoles(db)) : []),
      ...(isCurrent ? await attempt("settings", () => checkAccountRules(db, accountRules)) : []),
      ...(await attempt("autovacuum", () => checkRelations(db))),
      ...(await attempt("snapshots", () => checkSnapshots(db, snapshotSeconds))),
      ...(isCurrent ? await attempt("history", () => checkHistory(db)) : []),
      ...(isCurrent ? await attempt("instances", () => checkInstances(db)) : []),
      ...(isCurrent ? await attempt("queue", () => checkQueue(db, accounts)) : []),
      ...(await attempt("pauses", () => checkPaused(db))),
    ];
  } finally {
    await database.close();
  }
}

/** One check that fails must not prevent the others. */
async function attempt(
  subject: Subject,
  ask: () => Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return [await ask()].flat();
  } catch (error) {
    const { code, message } = describeDatabaseError(error);
    const remedy = code === insufficientPrivilege ? says.grantAndCheck : connectionRemedy({ code, message });
    const isVital = ["schema", "grants", "objects"].includes(subject);
    return [(isVital ? problem : warning)(subject, says.unchecked(`${message} (${code})`), remedy)];
  }
}

async function checkConnection(db: Kysely<OutboxDatabase>, url: string): Promise<readonly Finding[]> {
  const place = databasePlace(url);
  try {
    // First, because it reads the files that the URL names.
    const tls = checkTls(url);
    const { version, user, readOnly } = await readServerFacts(db);
    const connection = ok("database", says.answers(place, version, user));
    if (!readOnly) return [connection, tls];
    return [connection, tls, problem("writing", says.readOnly(place), says.toPrimary)];
  } catch (error) {
    const { code, message } = describeDatabaseError(error);
    const found = says.unusable(place, `${message} (${code})`);
    return [problem("database", found, connectionRemedy({ code, message }))];
  }
}

async function checkSchema(db: Kysely<OutboxDatabase>): Promise<Finding> {
  const state = await readSchemaState(db);
  return state.kind === "current"
    ? ok("schema", ofSchema.current)
    : problem("schema", unfitSchema(state), ofSchema.checkAgain);
}

async function checkGrants(db: Kysely<OutboxDatabase>): Promise<Finding> {
  const missing = await listMissingPrivileges(db);
  if (missing.length === 0) return ok("grants", says.hasPrivileges);
  const { user } = await readServerFacts(db);
  return problem("grants", says.lacks(user, missing), says.grant);
}
