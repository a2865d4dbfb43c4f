import { readSchemaState, type OutboxDatabase } from "@talkme/outbox";
import { sql, type Kysely } from "kysely";

import { describeDatabaseError } from "../database/database-fault.ts";
import { Database } from "../database/database.ts";
import { databasePlace } from "../database/database-place.ts";
import { describeSchema } from "../database/wait-for-database.ts";
import { ok, problem, type Finding } from "./finding.ts";

/** Can the database be reached, has it the right schema, and may this user do what the daemon does? */
export async function checkDatabase(url: string): Promise<readonly Finding[]> {
  const database = new Database(url, () => {});
  const place = databasePlace(url);
  try {
    const { rows } = await sql<{ version: string; user: string }>`
      select current_setting('server_version') as version, current_user as user
    `.execute(database.kysely);
    const { version, user } = rows[0] ?? { version: "?", user: "?" };
    const connection = ok("database", `${place} answers: PostgreSQL ${version}, as ${user}.`);

    const state = await readSchemaState(database.kysely);
    if (state.kind !== "current") {
      return [connection, problem("schema", describeSchema(state), "Then run check again.")];
    }
    return [connection, ok("schema", "talkme is up to date."), await checkGrants(database.kysely, user)];
  } catch (error) {
    const { code, message } = describeDatabaseError(error);
    const remedy = "Check TALKME_DATABASE_URL, and that the server runs and lets this machine in.";
    return [problem("database", `${place} cannot be used: ${message} (${code})`, remedy)];
  } finally {
    await database.close();
  }
}

/** The privileges that `run` needs. */
const needed: readonly { readonly privilege: string; readonly on: keyof OutboxDatabase }[] = [
  { on: "talkme.outbox", privilege: "SELECT" },
  { on: "talkme.outbox", privilege: "UPDATE" },
  { on: "talkme.attempt", privilege: "SELECT" },
  { on: "talkme.attempt", privilege: "INSERT" },
  { on: "talkme.instance", privilege: "SELECT" },
  { on: "talkme.instance", privilege: "INSERT" },
  { on: "talkme.instance", privilege: "UPDATE" },
  { on: "talkme.instance", privilege: "DELETE" },
];

async function checkGrants(db: Kysely<OutboxDatabase>, user: string): Promise<Finding> {
  const { rows } = await sql<{ privilege: string; on: string }>`
    select need.privilege, need.on
    from json_to_recordset(${JSON.stringify(needed)}::json) as need (privilege text, "on" text)
    where not has_table_privilege(need.on, need.privilege)
    union all
    select 'EXECUTE', 'talkme.create_attempt_partitions(integer)'
    where not has_function_privilege('talkme.create_attempt_partitions(integer)', 'EXECUTE')
  `.execute(db);
  if (rows.length === 0) return ok("grants", `${user} may do all that is needed.`);
  const missing = rows.map(({ privilege, on }) => `${privilege} on ${on}`).join(", ");
  return problem("grants", `${user} lacks ${missing}.`, `Grant it to ${user}, as the owner of the schema talkme.`);
}
