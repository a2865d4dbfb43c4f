import { inspectSchema } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { schemaFault } from "../language/findings/schema.ts";
import type { Database } from "./database.ts";
import { UnfitDatabaseError } from "./unfit-database-error.ts";

/**
 * Checks, before anything is sent, that the database is as the migrations made it. Logs the faults that only slow down or
 * weaken a guarantee.
 *
 * @throws {UnfitDatabaseError} if nothing could be sent.
 */
export async function refuseUnfitDatabase(database: Database, log: Logger): Promise<void> {
  const { faults } = await inspectSchema(database.kysely);
  const stopping = faults.filter(({ effect }) => effect === "stops");
  if (stopping.length > 0) throw new UnfitDatabaseError(stopping);
  for (const { subject, difference } of faults) {
    const { detail, remedy } = schemaFault(difference);
    const line = { subject, detail: detail.in("en"), remedy: remedy.in("en") };
    log.warn(line, "the database is not as the migrations made it");
  }
}
