import { findSchemaFaults } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import type { Database } from "./database.ts";
import { UnfitDatabaseError } from "./unfit-database-error.ts";

/**
 * Before anything is sent: is the database as the migrations have made it? What only weakens a promise is logged.
 *
 * @throws {UnfitDatabaseError} where nothing could be sent.
 */
export async function refuseUnfitDatabase(database: Database, log: Logger): Promise<void> {
  const faults = await findSchemaFaults(database.kysely);
  const stopping = faults.filter(({ effect }) => effect === "stops");
  if (stopping.length > 0) throw new UnfitDatabaseError(stopping);
  for (const { subject, detail, remedy } of faults)
    log.warn({ subject, detail, remedy }, "the database is not as the migrations have made it");
}
