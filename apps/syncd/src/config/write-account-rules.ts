import { configureAccount, type AccountRules } from "@talkme/outbox/daemon";
import type { Logger } from "pino";

import { databaseFault, describeDatabaseError } from "../database/database-fault.ts";
import type { Database } from "../database/database.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { wrongSettings } from "../language/findings/settings.ts";

/**
 * Writes the file's rules of accounts into the database, where all instances and every psql see them. The file overrides
 * what it sets; everything else stays.
 *
 * @throws {ConfigurationError} if a rule conflicts with what the database already says.
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
      throw new ConfigurationError([wrongSettings.refusedRules(rule.account, message)]);
    }
  }
}
