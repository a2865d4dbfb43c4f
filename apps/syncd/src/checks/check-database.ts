import { readSchemaState } from "@talkme/outbox";
import { listMissingPrivileges, readServerFacts } from "@talkme/outbox/daemon";

import { describeDatabaseError } from "../database/database-fault.ts";
import { databasePlace } from "../database/database-place.ts";
import { Database } from "../database/database.ts";
import { describeSchema } from "../database/unfit-schema-error.ts";
import { ok, problem, type Finding } from "./finding.ts";

const insufficientPrivilege = "42501";

/** Can the database be reached, has it the right schema, and may this user do what the daemon does? */
export async function checkDatabase(url: string): Promise<readonly Finding[]> {
  const database = new Database(url, () => {});
  const place = databasePlace(url);
  try {
    const { version, user, readOnly } = await readServerFacts(database.kysely);
    const connection = ok("database", `${place} answers: PostgreSQL ${version}, as ${user}.`);

    if (readOnly) {
      const remedy = "Connect to the primary, with a user whose sessions may write.";
      return [
        connection,
        problem("database", `${place} is read-only: nothing could be marked there.`, remedy),
      ];
    }

    const state = await readSchemaState(database.kysely);
    if (state.kind !== "current") {
      return [connection, problem("schema", describeSchema(state), "Then run check again.")];
    }
    const schema = ok("schema", "talkme is up to date.");

    const missing = await listMissingPrivileges(database.kysely);
    const grants =
      missing.length === 0
        ? ok("grants", `${user} may do all that is needed.`)
        : problem(
            "grants",
            `${user} lacks ${missing.join(", ")}.`,
            "Grant it, as the owner of the schema talkme.",
          );
    return [connection, schema, grants];
  } catch (error) {
    const { code, message } = describeDatabaseError(error);
    if (code === insufficientPrivilege) {
      const remedy = "Grant USAGE on the schema talkme and SELECT on talkme.migration, as its owner.";
      return [problem("grants", `${place}: ${message}.`, remedy)];
    }
    const remedy = "Check TALKME_DATABASE_URL, and that the server runs and lets this machine in.";
    return [problem("database", `${place} cannot be used: ${message} (${code})`, remedy)];
  } finally {
    await database.close();
  }
}
