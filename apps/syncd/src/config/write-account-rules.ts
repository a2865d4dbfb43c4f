import { configureAccount, type AccountRules } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { databaseFault, describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import { ConfigurationError } from "../configuration-error.ts";

/**
 * Writes what the file says of accounts into the database, where all instances and every psql see it. The file wins for
 * what it names; nothing else is touched.
 *
 * @throws {ConfigurationError} where it does not go together with what the database says already.
 */
export async function writeAccountRules(
  database: Database,
  rules: readonly AccountRules[],
  log: Logger,
): Promise<void> {
  for (const rule of rules) {
    try {
      if (await configureAccount(database.kysely, rule)) log.info(rule, "wrote settings into talkme.account");
    } catch (error) {
      if (databaseFault(error) !== "refused") throw error;
      const { message } = describeDatabaseError(error);
      throw new ConfigurationError([
        `TALKME_CONFIG: the database does not take what it says of the account ${rule.account}: ${message}.`,
      ]);
    }
  }
}
